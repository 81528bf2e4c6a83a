package dev.stanstudio.sd3.mmdit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptNone;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.testing.Goldens;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The joint block as it runs here against a plain translation of the reference. */
class FastKernelsTest {
    private static final int IMAGE_TOKENS = 24;
    private static final int TEXT_TOKENS = 7;
    private static final Program PLAIN = Program.load(FastKernelsTest.class, "mmdit-plain.ts.py");

    /** Largest difference allowed, as a part of the largest number: some 30 roundings. */
    private static double bound(DType dtype) {
        return switch (dtype) {
            case FP32 -> 2e-6;
            case FP16 -> 4e-3;
            default -> 2e-2;
        };
    }

    private static MmditConfig config(boolean qkNorm, boolean dual) {
        return new MmditConfig(
                16, 2, 16, 2, 64, 2, 96, 80, 16, 24, dual ? Set.of(0) : Set.of(), qkNorm);
    }

    @ParameterizedTest
    @CsvSource({
        // dtype, qk-norm, dual, block (1 is the last), batch, how often the last text token counts
        "FP32,false,false,0,1,1", "FP32,false,false,0,2,1", "FP32,true,true,0,3,1",
        "FP32,true,false,1,2,1", "FP32,false,false,1,3,256", "FP32,true,true,0,2,256",
        "BF16,false,false,0,2,1", "BF16,true,true,0,3,1", "BF16,false,false,1,1,256",
        "BF16,false,true,0,1,1", "FP16,false,false,0,2,1", "FP16,true,true,0,3,256",
        "FP16,true,false,1,1,1"
    })
    void agreesWithThePlainText(
            DType dtype, boolean qkNorm, boolean dual, int block, int batch, int repeats) {
        MmditConfig config = config(qkNorm, dual);
        Placement placement = new Placement(Device.CPU, dtype);
        compare(Kernels.fastest(placement).alone(), config, placement, block, batch, repeats);
        compare(Kernels.widened().alone(), config, placement, block, batch, repeats);
        compare(Kernels.training(false).alone(), config, placement, block, batch, repeats);
        compare(Kernels.training(true).alone(), config, placement, block, batch, repeats);
    }

    private static void compare(
            Program fast,
            MmditConfig config,
            Placement placement,
            int block,
            int batch,
            int repeats) {
        DType dtype = placement.dtype();
        try (Scope scope = Scope.open("test")) {
            Weights weights = new Drawn(MmditKeys.shapes(config), dtype);
            Tensor x = draw(scope, 1, dtype, batch, IMAGE_TOKENS, config.width());
            Tensor e = draw(scope, 2, dtype, batch, TEXT_TOKENS, config.width());
            Tensor c = draw(scope, 3, dtype, batch, config.width());
            AutoCloseable bias =
                    repeats == 1
                            ? ScriptNone.in(scope)
                            : fast.call(
                                    scope, "repeat_bias", x, IMAGE_TOKENS + TEXT_TOKENS, repeats);
            MmditBlock.Shape shape = config.block(block);
            MmditBlock here = MmditBlock.load(scope, fast, weights, placement, shape, block);
            MmditBlock there =
                    MmditBlock.load(
                            scope, Kernels.plain().alone(), weights, placement, shape, block);
            ScriptValue none = fast.callStructure(scope, "no_adapters", MmditSlot.COUNT);
            ScriptValue unseen = fast.callStructure(scope, "no_images");
            List<Tensor> ours = here.run(fast, scope, x, e, c, none, unseen, bias, 2);
            List<Tensor> plain = there.run(PLAIN, scope, x, e, c, none, unseen, bias, 2);
            for (int stream = 0; stream < 2; stream++) {
                double largest =
                        Goldens.difference(
                                plain.get(stream),
                                Tensors.zeros(scope, plain.get(stream).shape(), dtype, Device.CPU));
                double worst = Goldens.difference(ours.get(stream), plain.get(stream)) / largest;
                System.out.printf(
                        Locale.ROOT,
                        "%s stream %d: relative error %.1e (bound %.0e)%n",
                        dtype.label(),
                        stream,
                        worst,
                        bound(dtype));
                assertTrue(worst <= bound(dtype), "stream " + stream + " differs by " + worst);
            }
        }
    }

    static Tensor draw(Scope owner, long seed, DType dtype, long... shape) {
        try (Scope local = Scope.open("draw")) {
            return RandomSource.seeded(local, seed).normal(owner, shape, dtype);
        }
    }

    /** Normal weights, each drawn from its name. */
    record Drawn(Map<String, long[]> shapes, DType type) implements Weights {
        @Override
        public Set<String> names() {
            return shapes.keySet();
        }

        @Override
        public long[] shape(String name) {
            return shapes.get(name);
        }

        @Override
        public DType dtype(String name) {
            return type;
        }

        @Override
        public Tensor open(Scope scope, String name) {
            long[] shape = shape(name);
            try (Scope local = Scope.open(name)) {
                Tensor unit = draw(local, name.hashCode() & 0xffff, DType.FP32, shape);
                double scale = shape.length == 1 ? 1 : 1 / Math.sqrt((double) shape[1]);
                return Tensors.combine(scope, new double[] {scale}, List.of(unit), type);
            }
        }

        @Override
        public String origin() {
            return "drawn weights";
        }
    }
}
