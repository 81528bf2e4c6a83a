package dev.stanstudio.synth.draw;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;

/** A square of float pixels, red, green and blue side by side, nominally 0 … 1. Mutable. */
public final class Raster {
    private final int size;
    private final float[] rgb;

    /** {@code size} pixels a side, all black. */
    public Raster(int size) {
        this(size, new float[3 * size * size]);
    }

    private Raster(int size, float[] rgb) {
        this.size = size;
        this.rgb = rgb;
    }

    /** Pixels a side. */
    public int size() {
        return size;
    }

    /** Number of pixels. */
    public int pixels() {
        return size * size;
    }

    /** An equal raster of its own. */
    public Raster copy() {
        return new Raster(size, rgb.clone());
    }

    /** Every pixel in {@code colour}. */
    public Raster fill(Rgb colour) {
        for (int i = 0; i < pixels(); i++) {
            set(i, colour);
        }
        return this;
    }

    /** The colour of pixel {@code i} = y · size + x. */
    public Rgb get(int i) {
        return new Rgb(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
    }

    /** The colour of the pixel at (x, y), the nearest one of the border if outside. */
    public Rgb near(double x, double y) {
        int ix = Math.max(0, Math.min(size - 1, (int) x));
        int iy = Math.max(0, Math.min(size - 1, (int) y));
        return get(iy * size + ix);
    }

    /** The colour at (x, y) in pixels, interpolated between pixel centres. */
    public Rgb between(double x, double y) {
        double px = Math.max(0, Math.min(size - 1.001, x - 0.5));
        double py = Math.max(0, Math.min(size - 1.001, y - 0.5));
        int ix = (int) px;
        int iy = (int) py;
        int i = iy * size + ix;
        Rgb top = get(i).mix(get(i + 1), px - ix);
        return top.mix(get(i + size).mix(get(i + size + 1), px - ix), py - iy);
    }

    /** Replaces pixel {@code i}. */
    public void set(int i, Rgb colour) {
        rgb[3 * i] = colour.r();
        rgb[3 * i + 1] = colour.g();
        rgb[3 * i + 2] = colour.b();
    }

    /** Lays {@code colour} over pixel {@code i} with the given opacity. */
    public void lay(int i, Rgb colour, float opacity) {
        lay(i, colour.r(), colour.g(), colour.b(), opacity);
    }

    /** As {@link #lay(int, Rgb, float)} with the channels apart. */
    public void lay(int i, float r, float g, float b, float opacity) {
        int k = 3 * i;
        rgb[k] += (r - rgb[k]) * opacity;
        rgb[k + 1] += (g - rgb[k + 1]) * opacity;
        rgb[k + 2] += (b - rgb[k + 2]) * opacity;
    }

    /** Adds light to pixel {@code i}. */
    public void shine(int i, Rgb colour, double amount) {
        int k = 3 * i;
        rgb[k] += (float) (colour.r() * amount);
        rgb[k + 1] += (float) (colour.g() * amount);
        rgb[k + 2] += (float) (colour.b() * amount);
    }

    /** All channels of pixel {@code i} times {@code factor}. */
    public void scale(int i, double factor) {
        int k = 3 * i;
        rgb[k] *= (float) factor;
        rgb[k + 1] *= (float) factor;
        rgb[k + 2] *= (float) factor;
    }

    /** Luma of pixel {@code i}. */
    public float luma(int i) {
        return 0.299f * rgb[3 * i] + 0.587f * rgb[3 * i + 1] + 0.114f * rgb[3 * i + 2];
    }

    /** Luma of all pixels, {@code [size, size]}. */
    public float[] lumas() {
        float[] out = new float[pixels()];
        for (int i = 0; i < out.length; i++) {
            out[i] = luma(i);
        }
        return out;
    }

    /** A copy blurred by about {@code radius} pixels (standard deviation). */
    public Raster blurred(double radius) {
        Raster out = copy();
        float[] channel = new float[pixels()];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < channel.length; i++) {
                channel[i] = rgb[3 * i + c];
            }
            Blur.gaussian(channel, size, radius);
            for (int i = 0; i < channel.length; i++) {
                out.rgb[3 * i + c] = channel[i];
            }
        }
        return out;
    }

    /** An 8-bit RGB picture, rounded and clipped. */
    public Picture toPicture() {
        byte[] samples = new byte[rgb.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (int) (Math.max(0, Math.min(1, rgb[i])) * 255 + 0.5f);
        }
        return Picture.of(size, size, PixelMode.RGB, samples);
    }
}
