package dev.stanstudio.synth.draw;

/**
 * A colour in sRGB's own (gamma-coded) scale, nominally 0 … 1 per channel. Mixing stays in that
 * scale, as paint programs do by default; values beyond the range are clipped when a picture is
 * made.
 */
public record Rgb(float r, float g, float b) {
    /** The colour that {@code 0xRRGGBB} writes. */
    public static Rgb of(int hex) {
        return new Rgb(
                ((hex >> 16) & 0xFF) / 255f, ((hex >> 8) & 0xFF) / 255f, (hex & 0xFF) / 255f);
    }

    /** A grey. */
    public static Rgb grey(double level) {
        return new Rgb((float) level, (float) level, (float) level);
    }

    /** Hue in degrees (0 red, 120 green, 240 blue), saturation and value 0 … 1. */
    public static Rgb hsv(double hue, double saturation, double value) {
        return new Rgb(
                hsvChannel(hue, 5, saturation, value),
                hsvChannel(hue, 3, saturation, value),
                hsvChannel(hue, 1, saturation, value));
    }

    private static float hsvChannel(double hue, int n, double saturation, double value) {
        double k = n + hue / 60;
        k -= 6 * Math.floor(k / 6);
        return (float) (value - value * saturation * Math.max(0, Math.min(Math.min(k, 4 - k), 1)));
    }

    /** Hue in degrees, 0 for greys. */
    public double hue() {
        double max = value();
        double range = max - Math.min(r, Math.min(g, b));
        if (range <= 1e-6) {
            return 0;
        }
        double sector =
                max == r ? (g - b) / range : max == g ? 2 + (b - r) / range : 4 + (r - g) / range;
        return sector < 0 ? sector * 60 + 360 : sector * 60;
    }

    /** HSV's saturation, 0 … 1. */
    public double saturation() {
        double max = value();
        return max <= 1e-6 ? 0 : 1 - Math.min(r, Math.min(g, b)) / max;
    }

    /** HSV's value: the largest channel. */
    public double value() {
        return Math.max(r, Math.max(g, b));
    }

    /** Luma after ITU-R 601, 0 … 1. */
    public double luma() {
        return 0.299 * r + 0.587 * g + 0.114 * b;
    }

    /** This colour at {@code t} = 0, the other at 1. */
    public Rgb mix(Rgb other, double t) {
        float w = (float) t;
        return new Rgb(r + (other.r - r) * w, g + (other.g - g) * w, b + (other.b - b) * w);
    }

    /** Channel by channel, as light falls through a coloured glass. */
    public Rgb times(Rgb other) {
        return new Rgb(r * other.r, g * other.g, b * other.b);
    }

    /** All channels times {@code factor}. */
    public Rgb times(double factor) {
        float f = (float) factor;
        return new Rgb(r * f, g * f, b * f);
    }

    /** Towards white for positive {@code amount}, towards black for negative, −1 … 1. */
    public Rgb lighter(double amount) {
        return amount >= 0 ? mix(grey(1), amount) : times(1 + amount);
    }

    /** Distance from the grey of equal luma times {@code factor}. */
    public Rgb saturate(double factor) {
        return grey(luma()).mix(this, factor);
    }

    /** The hue turned by {@code degrees}. */
    public Rgb turned(double degrees) {
        return hsv(hue() + degrees, saturation(), value());
    }

    /** Clipped to 0 … 1. */
    public Rgb clipped() {
        return new Rgb(clip(r), clip(g), clip(b));
    }

    private static float clip(float v) {
        return Math.max(0, Math.min(1, v));
    }

    /** Squared distance, weighted by how much each channel counts for the eye. */
    public double distance(Rgb other) {
        double dr = r - other.r;
        double dg = g - other.g;
        double db = b - other.b;
        return 0.35 * dr * dr + 0.45 * dg * dg + 0.2 * db * db;
    }
}
