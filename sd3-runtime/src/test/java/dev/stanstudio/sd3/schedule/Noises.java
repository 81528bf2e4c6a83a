package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Noise for samplers under test. */
final class Noises {
    private Noises() {}

    /** For methods that must draw none. */
    static <T> NoiseSource<T> none() {
        return like -> {
            throw new AssertionError("noise drawn");
        };
    }

    /** The rows of {@code noises}, one after another. */
    static NoiseSource<float[]> recorded(JsonNode noises, FloatMath math) {
        int[] next = {0};
        return like -> copy(Reference.floats(noises.get(next[0]++)), math);
    }

    /** Unit vectors from component {@code first} on: every draw is independent of the others. */
    static NoiseSource<float[]> independent(int first, FloatMath math) {
        int[] next = {first};
        return like -> {
            float[] noise = new float[like.length];
            noise[next[0]++] = 1;
            return copy(noise, math);
        };
    }

    private static float[] copy(float[] values, FloatMath math) {
        return math.combine(new float[] {1}, List.of(values));
    }
}
