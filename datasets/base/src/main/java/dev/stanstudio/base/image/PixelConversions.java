package dev.stanstudio.base.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Conversions between pixel modes, to the byte as Pillow's {@code Convert.c} and {@code
 * AlphaComposite.c}.
 */
final class PixelConversions {

    private static final int WHITE = 255;

    private PixelConversions() {}

    static Picture toRgb(Picture in) {
        return switch (in.mode()) {
            case RGB -> in;
            case PALETTE -> Picture.adopt(in.width(), in.height(), PixelMode.RGB, in.array());
            case BILEVEL, GREY, GREY_ALPHA, RGBA -> colours(in);
        };
    }

    static Picture toGrey(Picture in) {
        byte[] from = in.array();
        int step = in.mode().channels();
        if (step == 1) {
            return Picture.adopt(in.width(), in.height(), PixelMode.GREY, from);
        }
        byte[] grey = new byte[in.width() * in.height()];
        boolean coloured = in.mode().colourChannels() == 3;
        for (int i = 0, p = 0; i < grey.length; i++, p += step) {
            grey[i] = coloured ? luma(from[p], from[p + 1], from[p + 2]) : from[p];
        }
        return Picture.adopt(in.width(), in.height(), PixelMode.GREY, grey);
    }

    static Picture onWhite(Picture in) {
        if (!in.mode().hasAlpha()) {
            return toRgb(in);
        }
        byte[] out = in.samples();
        int step = in.mode().channels();
        for (int p = 0; p < out.length; p += step) {
            int alpha = out[p + step - 1] & 0xFF;
            for (int c = p; c < p + step - 1; c++) {
                int mixed = (out[c] & 0xFF) * alpha + WHITE * (255 - alpha);
                out[c] = (byte) divideBy255(mixed);
            }
        }
        return toRgb(Picture.adopt(in.width(), in.height(), in.mode(), out));
    }

    /** Alpha in grey where the colours are the same all over and alpha is not; else null. */
    static @Nullable Picture placeInAlpha(Picture in) {
        if (!in.mode().hasAlpha()) {
            return null;
        }
        byte[] from = in.array();
        int step = in.mode().channels();
        byte[] alpha = new byte[in.width() * in.height()];
        boolean varies = false;
        for (int i = 0, p = 0; i < alpha.length; i++, p += step) {
            if (!Arrays.equals(from, p, p + step - 1, from, 0, step - 1)) {
                return null;
            }
            alpha[i] = from[p + step - 1];
            varies |= alpha[i] != alpha[0];
        }
        return varies ? Picture.adopt(in.width(), in.height(), PixelMode.GREY, alpha) : null;
    }

    /** Colours multiplied by alpha: Pillow's {@code RGBA -> RGBa}. */
    static Picture premultiply(Picture in) {
        byte[] out = in.samples();
        int step = in.mode().channels();
        for (int p = 0; p < out.length; p += step) {
            int alpha = out[p + step - 1] & 0xFF;
            for (int c = p; c < p + step - 1; c++) {
                out[c] = (byte) divideBy255((out[c] & 0xFF) * alpha);
            }
        }
        return Picture.adopt(in.width(), in.height(), in.mode(), out);
    }

    /** The picture with every sample v as 255 − v. */
    static Picture inverted(Picture in) {
        byte[] samples = in.samples();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) ~samples[i];
        }
        return Picture.adopt(in.width(), in.height(), in.mode(), samples);
    }

    /** The picture without its last channel, which is no alpha. */
    static Picture opaque(Picture in) {
        if (!in.mode().hasAlpha()) {
            return in;
        }
        return in.mode() == PixelMode.RGBA ? toRgb(in) : toGrey(in);
    }

    /** Colours divided by alpha, black where nothing is seen: Pillow's {@code RGBa} unpacker. */
    static Picture unpackPremultiplied(Picture in) {
        Picture out = unpremultiply(in);
        byte[] samples = out.array();
        int step = in.mode().channels();
        for (int p = 0; p < samples.length; p += step) {
            if (samples[p + step - 1] == 0) {
                Arrays.fill(samples, p, p + step - 1, (byte) 0);
            }
        }
        return out;
    }

    /** Colours divided by alpha: Pillow's {@code RGBa -> RGBA}. */
    static Picture unpremultiply(Picture in) {
        byte[] out = in.samples();
        int step = in.mode().channels();
        for (int p = 0; p < out.length; p += step) {
            int alpha = out[p + step - 1] & 0xFF;
            if (alpha == 0 || alpha == 255) {
                continue;
            }
            for (int c = p; c < p + step - 1; c++) {
                out[c] = (byte) Math.min(255, 255 * (out[c] & 0xFF) / alpha);
            }
        }
        return Picture.adopt(in.width(), in.height(), in.mode(), out);
    }

    /**
     * Interleaved CMYK, 0 without ink, to RGB: each colour is what {@code 255 - K} leaves after the
     * ink took its share.
     */
    static byte[] cmykToRgb(byte[] cmyk) {
        byte[] rgb = new byte[cmyk.length / 4 * 3];
        for (int p = 0, q = 0; p < cmyk.length; p += 4, q += 3) {
            int light = 255 - (cmyk[p + 3] & 0xFF);
            for (int c = 0; c < 3; c++) {
                rgb[q + c] = (byte) Math.max(0, light - divideBy255((cmyk[p + c] & 0xFF) * light));
            }
        }
        return rgb;
    }

    /**
     * Luma, chroma and inverted black, interleaved, to ink in place (libjpeg's jdcolor.c, {@code
     * ycck_cmyk_convert}, inverted). Numbers are 16-bit fixed point.
     */
    static void lumaAndChromaToInks(byte[] pixels) {
        for (int p = 0; p < pixels.length; p += 4) {
            int luma = pixels[p] & 0xFF;
            int blue = (pixels[p + 1] & 0xFF) - 128;
            int red = (pixels[p + 2] & 0xFF) - 128;
            pixels[p] = clamp(luma + ((91881 * red + 32768) >> 16));
            pixels[p + 1] = clamp(luma + ((-22554 * blue - 46802 * red + 32768) >> 16));
            pixels[p + 2] = clamp(luma + ((116130 * blue + 32768) >> 16));
            pixels[p + 3] = (byte) ~pixels[p + 3];
        }
    }

    private static byte clamp(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }

    private static Picture colours(Picture in) {
        byte[] from = in.array();
        int step = in.mode().channels();
        boolean grey = in.mode().colourChannels() == 1;
        byte[] rgb = new byte[in.width() * in.height() * 3];
        for (int p = 0, q = 0; q < rgb.length; p += step, q += 3) {
            rgb[q] = from[p];
            rgb[q + 1] = from[grey ? p : p + 1];
            rgb[q + 2] = from[grey ? p : p + 2];
        }
        return Picture.adopt(in.width(), in.height(), PixelMode.RGB, rgb);
    }

    private static byte luma(byte red, byte green, byte blue) {
        int sum = (red & 0xFF) * 19595 + (green & 0xFF) * 38470 + (blue & 0xFF) * 7471;
        return (byte) ((sum + 0x8000) >> 16);
    }

    /** {@code product / 255} rounded, for 0 to 255 * 255. */
    private static int divideBy255(int product) {
        int t = product + 128;
        return (t + (t >> 8)) >> 8;
    }
}
