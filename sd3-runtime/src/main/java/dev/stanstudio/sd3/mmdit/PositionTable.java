package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;

/**
 * The fixed position table of a new MMDiT (diffusers embeddings.py, get_2d_sincos_pos_embed): half
 * of a row's numbers encode the column, half the row, in sines and then cosines. Positions are
 * scaled so that the model's own picture size spans 0 … its side in tokens.
 */
public final class PositionTable {
    private static final double BASE = 10_000;

    private PositionTable() {}

    /** [1, side², d] in fp32, side the model's position table's. */
    public static Tensor of(Scope scope, MmditConfig config) {
        int side = config.posEmbedMaxSize();
        int d = config.width();
        double scale = (double) config.sampleSize() / config.patchSize() / side;
        float[] table = new float[side * side * d];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int at = (y * side + x) * d;
                wave(table, at, d / 2, x * scale);
                wave(table, at + d / 2, d / 2, y * scale);
            }
        }
        return Tensors.of(scope, table, 1, (long) side * side, d);
    }

    private static void wave(float[] table, int at, int count, double position) {
        int half = count / 2;
        for (int i = 0; i < half; i++) {
            double angle = position * Math.pow(BASE, -(double) i / half);
            table[at + i] = (float) Math.sin(angle);
            table[at + half + i] = (float) Math.cos(angle);
        }
    }
}
