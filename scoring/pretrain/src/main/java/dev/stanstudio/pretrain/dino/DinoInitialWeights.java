package dev.stanstudio.pretrain.dino;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights before training. facebookresearch/dino draws all with deviation 0.02, which for its
 * widths keeps the size of what goes through; here the width decides, so that narrow networks do
 * too: a head whose outputs nearly vanish has gradients without bounds, since they are normalised.
 */
final class DinoInitialWeights {
    private static final double EMBEDDING = 0.02;

    private DinoInitialWeights() {}

    static Map<String, Tensor> draw(Scope scope, DinoShape shape, long seed) {
        RandomSource random = RandomSource.seeded(scope, seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        shape.shapes().forEach((name, sizes) -> weights.put(name, one(scope, random, name, sizes)));
        return weights;
    }

    private static Tensor one(Scope scope, RandomSource random, String name, long[] shape) {
        if (name.contains("norm") || name.endsWith("bias")) {
            float[] values = new float[Math.toIntExact(shape[0])];
            Arrays.fill(values, name.endsWith("weight") ? 1 : 0);
            return Tensors.of(scope, values, shape);
        }
        Tensor drawn = random.normal(scope, shape, DType.FP32);
        double[] deviation = {
            name.contains("cls") || name.contains("position") ? EMBEDDING : root(shape)
        };
        return Tensors.combine(scope, deviation, List.of(drawn), DType.FP32);
    }

    private static double root(long[] shape) {
        double inputs = 1;
        for (int i = 1; i < shape.length; i++) {
            inputs *= shape[i];
        }
        return 1 / Math.sqrt(inputs);
    }
}
