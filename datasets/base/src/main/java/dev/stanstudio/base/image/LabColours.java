package dev.stanstudio.base.image;

/**
 * Turns CIE L*a*b* of TIFF files (TIFF 6.0, section 23: white D50, 8 bits, a* and b* signed) to
 * sRGB: XYZ by CIE 15, the sRGB primaries adapted to D50 as sRGB's profile has them, and sRGB's
 * curve of IEC 61966-2-1. Pillow goes through Little CMS, whose table of 33 steps a side is less
 * exact.
 */
final class LabColours {
    private static final double WHITE_X = 0.9642;
    private static final double WHITE_Z = 0.8249;

    /** XYZ at D50 to linear red, green and blue. */
    private static final double[][] FROM_XYZ = {
        {3.1338561, -1.6168667, -0.4906146},
        {-0.9787684, 1.9161415, 0.0334540},
        {0.0719453, -0.2289914, 1.4052427}
    };

    private LabColours() {}

    /** The picture whose three channels are L*, a* and b*, in RGB. */
    static Picture toRgb(Picture lab) {
        byte[] out = lab.samples();
        for (int p = 0; p < out.length; p += 3) {
            double y = ((out[p] & 0xFF) * 100 / 255.0 + 16) / 116;
            double x = WHITE_X * cube(y + out[p + 1] / 500.0);
            double z = WHITE_Z * cube(y - out[p + 2] / 200.0);
            double light = cube(y);
            for (int c = 0; c < 3; c++) {
                double[] row = FROM_XYZ[c];
                out[p + c] = encode(row[0] * x + row[1] * light + row[2] * z);
            }
        }
        return Picture.adopt(lab.width(), lab.height(), PixelMode.RGB, out);
    }

    private static double cube(double t) {
        return t > 24.0 / 116 ? t * t * t : (108.0 / 841) * (t - 16.0 / 116);
    }

    private static byte encode(double linear) {
        double light = Math.max(0, Math.min(1, linear));
        double curve =
                light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
        return (byte) Math.round(255 * curve);
    }
}
