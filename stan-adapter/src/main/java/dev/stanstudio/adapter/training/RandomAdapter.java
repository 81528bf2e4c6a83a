package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.Map;

/**
 * An adapter of random numbers, none of them zero, as fast as a trained one. Thread-safe.
 *
 * @param kind its kind and settings
 * @param modules weight shape [out, in] by module path
 */
record RandomAdapter(AdapterKind kind, Map<String, long[]> modules) implements AdapterSource {
    /** Small, so that activations keep their order. */
    private static final double DEVIATION = 0.02;

    @Override
    public String name() {
        return "random " + kind.label();
    }

    @Override
    public String sha256() {
        return "";
    }

    private long[] shape(String module) {
        long[] shape = modules.get(module);
        if (shape == null) {
            throw new IllegalArgumentException(name() + " does not change " + module);
        }
        return shape;
    }

    @Override
    public ProjectionPart part(String module) {
        long[] shape = shape(module);
        return kind.part(module, shape[0], shape[1]);
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        long[] shape = shape(module);
        AdapterTensor wanted =
                kind.tensors(module, shape[0], shape[1]).stream()
                        .filter(own -> own.name().equals(tensor))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(module + "." + tensor));
        long[] sizes = wanted.shape().stream().mapToLong(n -> n).toArray();
        try (Scope local = Scope.open(module)) {
            RandomSource random =
                    RandomSource.seeded(local, (module + tensor).hashCode() & 0xffff_ffffL);
            Tensor drawn = random.normal(local, sizes, DType.FP32);
            return Tensors.combine(scope, new double[] {DEVIATION}, List.of(drawn), DType.FP32);
        }
    }

    /** Counts the trained numbers. */
    long parameters() {
        return Sizing.parameters(kind, modules);
    }
}
