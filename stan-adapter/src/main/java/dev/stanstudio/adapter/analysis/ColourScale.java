package dev.stanstudio.adapter.analysis;

import java.awt.Color;

/** Colours for numbers 0 … 1: dark violet over green to yellow, even in lightness. */
final class ColourScale {
    private static final int[][] STOPS = {
        {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}
    };

    private ColourScale() {}

    /** The colour of {@code value}, which is cut to 0 … 1. */
    static Color of(double value) {
        double at = Math.max(0, Math.min(1, value)) * (STOPS.length - 1);
        int low = Math.min((int) at, STOPS.length - 2);
        double part = at - low;
        int[] mixed = new int[3];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (int) Math.round(STOPS[low][i] * (1 - part) + STOPS[low + 1][i] * part);
        }
        return new Color(mixed[0], mixed[1], mixed[2]);
    }
}
