package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A LoRA whose training began with factors of the model's weights ({@link LoraStart}), on a model:
 * scale · (B·A − B₀·A₀) is one product of twice the rank, of [A; A₀] and [B | −B₀]. The first
 * factors are computed in fp32 as PEFT does when it loads the adapter (tuners/lora/layer.py,
 * pissa_init and olora_init). Thread-safe; file and model must stay open.
 *
 * @param lora the adapter
 * @param base the weights it was trained on
 * @param factors computed so far, by module
 */
record BasedLora(LoraSource lora, Weights base, Map<String, Factors> factors)
        implements AdapterSource {
    private static final class Holder {
        static final Program PROGRAM = Program.load(BasedLora.class, "start.ts.py");
    }

    /** [A; A₀] and [B | −B₀] of a module, row by row. */
    static final class Factors {
        final float[] down;
        final float[] up;

        Factors(float[] down, float[] up) {
            this.down = down;
            this.up = up;
        }
    }

    BasedLora(LoraSource lora, Weights base) {
        this(lora, base, new ConcurrentHashMap<>());
    }

    @Override
    public String name() {
        return lora.name();
    }

    @Override
    public String sha256() {
        return lora.sha256();
    }

    @Override
    public Map<String, long[]> modules() {
        return lora.modules();
    }

    @Override
    public List<LeftOut> leftOut() {
        return lora.leftOut();
    }

    @Override
    public ProjectionPart part(String module) {
        ProjectionPart part = lora.part(module);
        return ProjectionPart.lowRank(
                2 * part.features(), part.scale(), LoraSource.DOWN, LoraSource.UP, null);
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        Factors both = factors.computeIfAbsent(module, this::compute);
        LoraTarget target = target(module);
        long rank = 2 * target.rank();
        return tensor.equals(LoraSource.DOWN)
                ? Tensors.of(scope, both.down, rank, target.down().get(1))
                : Tensors.of(scope, both.up, target.up().get(0), rank);
    }

    private LoraTarget target(String module) {
        return Objects.requireNonNull(lora.file().adapter().targets().get(module), module);
    }

    private Factors compute(String module) {
        LoraAdapter adapter = lora.file().adapter();
        LoraTarget target = target(module);
        Weights trained = adapter.factors();
        try (Scope local = Scope.open("start of " + module)) {
            Tensor weight = base.open(local, module + TargetModules.WEIGHT);
            require(target, weight);
            List<Tensor> first =
                    Holder.PROGRAM.callTuple(
                            local, adapter.start().method(), weight, target.rank(), target.scale());
            Tensor down = trained.open(local, module + LoraAdapter.DOWN);
            Tensor up = trained.open(local, module + LoraAdapter.UP);
            return new Factors(
                    beside(local, down, first.get(0), 0, 1),
                    beside(local, up, first.get(1), 1, -1));
        }
    }

    private static float[] beside(Scope scope, Tensor x, Tensor first, int axis, double factor) {
        return Holder.PROGRAM.call(scope, "beside", x, first, axis, factor).toFloats();
    }

    /**
     * PEFT begins so with linear layers alone, with as many parts as the weight has at most, and
     * PiSSA with the root of what the scale divides.
     */
    private void require(LoraTarget target, Tensor weight) {
        long most = Math.min(target.up().get(0), target.down().get(1));
        boolean rooted = lora.file().adapter().start() != LoraStart.PISSA || target.scale() > 0;
        if (target.down().size() != 2 || target.rank() > most || !rooted) {
            throw new UserException(
                    "%s: no %s of rank %d and scale %s begins in %s; the adapter is damaged or not PEFT's"
                            .formatted(
                                    name(),
                                    lora.file().adapter().start().method(),
                                    target.rank(),
                                    target.scale(),
                                    target.module()));
        }
        if (!Tensors.allFinite(weight)) {
            throw new UserException(
                    "%s: %s of %s holds numbers that are not finite; get the model again"
                            .formatted(
                                    name(), target.module() + TargetModules.WEIGHT, base.origin()));
        }
    }
}
