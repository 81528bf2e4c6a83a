package dev.stanstudio.training;

import java.util.Arrays;

/**
 * The 256 numbers −1 … 1 or 0 … 1 that eight bits of an optimizer's state stand for: a decimal
 * exponent that moves, and what bits it leaves for the fraction (Dettmers 2015; Dettmers et al.
 * 2022, section 2.2; create_dynamic_map of bitsandbytes).
 */
final class DynamicMap {
    private static final int SIZE = 256;
    private static final int EXPONENTS = 7;
    private static final float LEAST = 0.1f;

    private DynamicMap() {}

    /** Returns the numbers in ascending order. */
    static float[] of(boolean signed) {
        float[] map = new float[SIZE];
        int place = 0;
        map[place++] = 0;
        map[place++] = 1;
        for (int i = 0; i < EXPONENTS; i++) {
            float power = (float) Math.pow(10, i + 1.0 - EXPONENTS);
            for (float fraction : fractions(signed ? 1 << i : 2 << i)) {
                map[place++] = power * fraction;
                if (signed) {
                    map[place++] = -power * fraction;
                }
            }
        }
        Arrays.sort(map);
        return map;
    }

    /** Middles of so many equal parts of 0.1 … 1. */
    private static float[] fractions(int parts) {
        float[] middles = new float[parts];
        for (int i = 0; i < parts; i++) {
            middles[i] = (bound(i, parts) + bound(i + 1, parts)) / 2;
        }
        return middles;
    }

    private static float bound(int i, int parts) {
        float step = (1 - LEAST) / parts;
        return i < (parts + 1) / 2 ? LEAST + step * i : 1 - step * (parts - i);
    }
}
