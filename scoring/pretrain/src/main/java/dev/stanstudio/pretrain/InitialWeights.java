package dev.stanstudio.pretrain;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Weights before training: matrices and convolutions normal with variance gain²/fan-in, norms at
 * one, biases at zero. What is to start at zero is named by the caller.
 */
public final class InitialWeights {
    /** Keeps the variance from layer to layer. */
    public static final double KEEPING = 1;

    /**
     * The variance of torch's own initial weights. In a network of residual blocks with
     * convolutions between them the trunk then stays small enough for the blocks to matter.
     */
    public static final double SHRINKING = 1 / Math.sqrt(3);

    private InitialWeights() {}

    /**
     * Draws in the order of the map.
     *
     * @param gain {@link #KEEPING} or {@link #SHRINKING}
     * @param isNorm names of norm weights, which start at one
     * @param isZero names of matrices that start at zero
     */
    public static Map<String, Tensor> draw(
            Scope scope,
            Map<String, long[]> shapes,
            long seed,
            double gain,
            Predicate<String> isNorm,
            Predicate<String> isZero) {
        RandomSource random = RandomSource.seeded(scope, seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        shapes.forEach(
                (name, shape) -> {
                    Tensor draw = random.normal(scope, shape, DType.FP32);
                    boolean zero = shape.length == 1 || isZero.test(name);
                    double scale = zero ? 0 : gain / Math.sqrt(fanIn(shape));
                    double offset = isNorm.test(name) && name.endsWith("weight") ? 1 : 0;
                    weights.put(name, affine(scope, draw, scale, offset));
                });
        return weights;
    }

    /**
     * The weights of {@code start}, after a check that they are the network's.
     *
     * @param network its name in messages
     * @param unused names that may be there and are not trained
     */
    public static Map<String, Tensor> of(
            Scope scope,
            String network,
            Weights start,
            Map<String, long[]> shapes,
            Set<String> unused) {
        WeightCheck.check(network, start, shapes, unused);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        shapes.keySet().forEach(name -> weights.put(name, start.open(scope, name)));
        return weights;
    }

    private static double fanIn(long[] shape) {
        double fan = 1;
        for (int i = 1; i < shape.length; i++) {
            fan *= shape[i];
        }
        return fan;
    }

    private static Tensor affine(Scope scope, Tensor draw, double scale, double offset) {
        float[] ones = new float[Math.toIntExact(draw.elements())];
        java.util.Arrays.fill(ones, 1);
        Tensor one = Tensors.of(scope, ones, draw.shape());
        return Tensors.combine(scope, new double[] {scale, offset}, List.of(draw, one), DType.FP32);
    }
}
