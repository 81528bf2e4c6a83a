package dev.stanstudio.adapter.analysis;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Pictures as they were analysed, and the activation of a feature laid over them. */
final class HeatMap {
    private HeatMap() {}

    /** The picture in {@code file}, brought to a square of {@code side} pixels. */
    static BufferedImage square(Path file, int side) {
        byte[] samples = ReadExamples.square(file, side).toRgb().samples();
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            int rgb =
                    (samples[3 * i] & 255) << 16
                            | (samples[3 * i + 1] & 255) << 8
                            | (samples[3 * i + 2] & 255);
            image.setRGB(i % side, i / side, rgb);
        }
        return image;
    }

    /** Tokens as pixels of a square: red and the more opaque the stronger. */
    static BufferedImage of(float[] map) {
        int side = (int) Math.round(Math.sqrt(map.length));
        float most = 0;
        for (float value : map) {
            most = Math.max(most, value);
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        int[] pixels = new int[side * side];
        for (int i = 0; i < pixels.length; i++) {
            double strength = most == 0 ? 0 : map[i] / most;
            int alpha = (int) Math.round(60 + 160 * strength);
            int red = (int) Math.round(255 * strength);
            int green = (int) Math.round(180 * Math.max(0, strength - 0.5));
            pixels[i] = alpha << 24 | red << 16 | green << 8 | 20;
        }
        image.setRGB(0, 0, side, side, pixels, 0, side);
        return image;
    }

    /** {@code picture} under {@code map}. */
    static void lay(BufferedImage picture, float[] map) {
        Graphics2D graphics = picture.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(of(map), 0, 0, picture.getWidth(), picture.getHeight(), null);
        graphics.dispose();
    }
}
