package dev.stanstudio.sd3.bench;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.Arrays;

/**
 * Random tensors as fast as memory can be written: sections of one pool of normal numbers. Scales
 * keep activations of order one. The same name, shape and type give the same numbers. Thread-safe.
 */
final class RandomNumbers implements AutoCloseable {
    /** A prime, so that the rows of a matrix do not repeat each other. */
    private static final int POOL = 4_194_301;

    private static final long SEED = 20_240_312;

    private static final class Holder {
        static final Program PROGRAM = Program.load(RandomNumbers.class, "bench.ts.py");
    }

    private final Scope scope = Scope.open("random numbers");
    private final Tensor pool =
            RandomSource.seeded(scope, SEED).normal(scope, new long[] {POOL}, DType.FP32);

    /** Elements {@code from … from+count−1} of tensor {@code name}, flat. */
    Tensor flat(Scope owner, String name, long[] shape, DType dtype, long from, long count) {
        boolean vector = shape.length == 1;
        boolean gain = vector && name.endsWith("weight");
        double fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        double scale = vector ? 0.02 : 1 / Math.sqrt(fanIn);
        long offset = Math.floorMod(name.hashCode() + from, (long) POOL);
        return Holder.PROGRAM.call(
                owner, "stretch", pool, offset, count, scale, gain ? 1.0 : 0.0, dtype);
    }

    /** Tensor {@code name}. */
    Tensor tensor(Scope owner, String name, long[] shape, DType dtype) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        try (Scope local = Scope.open(name)) {
            Tensor flat = flat(local, name, shape, dtype, 0, count);
            return Holder.PROGRAM.call(owner, "shaped", flat, shape);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
