package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.Arrays;

/**
 * The steering of the l features of one module: an active feature z becomes min(factor·z, ceiling),
 * and every token gets the offset whether the feature is active for it or not. Several changes of
 * one feature multiply their factors, keep the lowest ceiling and add their offsets. Belongs to one
 * thread.
 */
final class Steering {
    private static final int ROWS = 3;

    private final int features;
    private final float[] numbers;

    /** Changes nothing for {@code features} features. */
    Steering(long features) {
        this.features = Math.toIntExact(features);
        numbers = new float[ROWS * this.features];
        Arrays.fill(numbers, 0, this.features, 1);
        Arrays.fill(numbers, this.features, 2 * this.features, Float.POSITIVE_INFINITY);
    }

    /** Adds {@code change}, whose features exist. */
    void add(FeatureChange change) {
        int last = Math.min(change.last(), features - 1);
        for (int i = change.first(); i <= last; i++) {
            int ceiling = features + i;
            switch (change.operation()) {
                case SCALE -> numbers[i] *= (float) change.value();
                case CLAMP -> numbers[ceiling] = Math.min(numbers[ceiling], (float) change.value());
                case INJECT -> numbers[2 * features + i] += (float) change.value();
            }
        }
    }

    /** Returns the gate of {@code project.ts.py}, [3, l]. */
    Tensor tensor(Scope scope, Placement placement) {
        try (Scope local = Scope.open("steering")) {
            Tensor made = Tensors.of(local, numbers, ROWS, features);
            return Tensors.to(scope, made, placement.device(), placement.dtype());
        }
    }
}
