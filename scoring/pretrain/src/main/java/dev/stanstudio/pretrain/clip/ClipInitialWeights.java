package dev.stanstudio.pretrain.clip;

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
 * Weights before training, as openai/CLIP model.py (initialize_parameters) draws them: what writes
 * to the residual stream starts smaller the more layers there are.
 */
final class ClipInitialWeights {
    private static final double EMBEDDING = 0.02;
    private static final double FIRST_TEMPERATURE = 0.07;

    private ClipInitialWeights() {}

    /** Draws everything of {@code shape}, in its order. */
    static Map<String, Tensor> draw(Scope scope, ClipShape shape, long seed) {
        RandomSource random = RandomSource.seeded(scope, seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        shape.shapes()
                .forEach(
                        (name, sizes) ->
                                weights.put(
                                        name,
                                        one(scope, random, name, sizes, layers(shape, name))));
        return weights;
    }

    private static int layers(ClipShape shape, String name) {
        return name.contains("vision_model")
                ? shape.vision().layers()
                : shape.texts().get(0).config().numHiddenLayers();
    }

    private static Tensor one(
            Scope scope, RandomSource random, String name, long[] shape, int layers) {
        if (name.contains("logit_scale")) {
            return filled(scope, shape, -Math.log(FIRST_TEMPERATURE));
        }
        if (name.contains("norm")) {
            return filled(scope, shape, name.endsWith("weight") ? 1 : 0);
        }
        if (name.endsWith("bias")) {
            return filled(scope, shape, 0);
        }
        Tensor drawn = random.normal(scope, shape, DType.FP32);
        double[] deviation = {deviation(name, shape, layers)};
        return Tensors.combine(scope, deviation, List.of(drawn), DType.FP32);
    }

    private static double deviation(String name, long[] shape, int layers) {
        if (name.contains("embedding") && !name.contains("patch")) {
            return EMBEDDING;
        }
        double input = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        double root = 1 / Math.sqrt(input);
        if (name.contains("fc1")) {
            return root / Math.sqrt(2);
        }
        if (name.contains("out_proj")) {
            return root / Math.sqrt(2.0 * layers);
        }
        // CLIP counts the width, not the four times wider input, of the second map of an MLP.
        return name.contains("fc2") ? 2 * root / Math.sqrt(2.0 * layers) : root;
    }

    private static Tensor filled(Scope scope, long[] shape, double value) {
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        float[] values = new float[count];
        Arrays.fill(values, (float) value);
        return Tensors.of(scope, values, shape);
    }
}
