package dev.stanstudio.sd3.mmdit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptNone;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.testing.Goldens;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A block over many tokens, which goes sample by sample on some processors. */
class ImagesTest {
    private static final int TOKENS = 2048;
    private static final Placement PLACEMENT = new Placement(Device.CPU, DType.FP32);
    private static final MmditConfig CONFIG =
            new MmditConfig(16, 2, 16, 2, 64, 2, 96, 80, 16, 24, Set.of(0), true);

    private final Program program = Kernels.fastest(PLACEMENT).alone();

    @Test
    void eachRowSeesItsOwnPictures() {
        IpAdapterConfig shape = new IpAdapterConfig(20, CONFIG.width(), 32, 64, 4, 16, 1);
        Weights pictures =
                new FastKernelsTest.Drawn(IpAdapterKeys.shapes(shape, CONFIG), DType.FP32);
        try (Scope scope = Scope.open("test");
                IpAdapter adapter = IpAdapter.load(CONFIG, pictures, PLACEMENT, false)) {
            Tensor features = FastKernelsTest.draw(scope, 5, DType.FP32, 2, 1, 5, 20);
            double[] times = {800, 30};
            Tensor both = run(scope, 0, 2, entries(scope, adapter, features, times));
            for (int row = 0; row < 2; row++) {
                Tensor own = Tensors.narrow(scope, features, 0, row, row + 1);
                double[] time = {times[row]};
                Tensor alone = run(scope, row, row + 1, entries(scope, adapter, own, time));
                Tensor inBatch = Tensors.narrow(scope, both, 0, row, row + 1);
                Goldens.compare("row " + row, inBatch, alone, 2e-5);
                ScriptValue none = program.callStructure(scope, "no_images");
                double effect = Goldens.difference(alone, run(scope, row, row + 1, none));
                assertTrue(effect > 0.01, "pictures change x by " + effect);
            }
        }
    }

    private static ScriptValue entries(
            Scope scope, IpAdapter adapter, Tensor features, double[] times) {
        IpAdapter.Tokens tokens = adapter.tokens(scope, features, times);
        try (LayerStore<TensorList>.Pass walk = adapter.walk()) {
            return walk.with(0, -1, weights -> adapter.keys(scope, tokens, weights, 0.8));
        }
    }

    /** Rows {@code from … to−1} of x after block 0. */
    private Tensor run(Scope scope, long from, long to, ScriptValue images) {
        Weights weights = new FastKernelsTest.Drawn(MmditKeys.shapes(CONFIG), DType.FP32);
        MmditBlock block = MmditBlock.load(scope, program, weights, PLACEMENT, CONFIG.block(0), 0);
        Tensor x = FastKernelsTest.draw(scope, 1, DType.FP32, 2, TOKENS, CONFIG.width());
        Tensor e = FastKernelsTest.draw(scope, 2, DType.FP32, 2, 7, CONFIG.width());
        Tensor c = FastKernelsTest.draw(scope, 3, DType.FP32, 2, CONFIG.width());
        List<Tensor> rows =
                List.of(x, e, c).stream()
                        .map(all -> Tensors.narrow(scope, all, 0, from, to))
                        .toList();
        ScriptValue none = program.callStructure(scope, "no_adapters", MmditSlot.COUNT);
        return block.run(
                        program,
                        scope,
                        rows.get(0),
                        rows.get(1),
                        rows.get(2),
                        none,
                        images,
                        ScriptNone.in(scope),
                        CONFIG.numAttentionHeads())
                .get(0);
    }
}
