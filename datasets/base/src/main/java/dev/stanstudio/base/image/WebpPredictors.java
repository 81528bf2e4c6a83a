package dev.stanstudio.base.image;

/**
 * Pixels stored as differences to those predicted from their neighbours, by one of 14 rules for
 * each block (RFC 9649, section 3.5.1).
 *
 * @param rules each in green
 */
record WebpPredictors(WebpTransform.Blocks rules) implements WebpTransform {
    private static final int BLACK = 0xFF000000;

    @Override
    public int[] undo(int[] pixels) {
        int width = rules.width();
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width;
            int expected;
            if (i == 0) {
                expected = BLACK;
            } else if (i < width) {
                expected = pixels[i - 1];
            } else if (x == 0) {
                expected = pixels[i - width];
            } else {
                // Right of the last column stands the row's own first pixel.
                expected =
                        expected(
                                rules.at(x, i / width) >> 8 & 15,
                                pixels[i - 1],
                                pixels[i - width],
                                pixels[i - width + 1],
                                pixels[i - width - 1]);
            }
            pixels[i] = WebpTransform.add(pixels[i], expected);
        }
        return pixels;
    }

    private static int expected(int rule, int left, int top, int topRight, int topLeft) {
        return switch (rule) {
            case 1 -> left;
            case 2 -> top;
            case 3 -> topRight;
            case 4 -> topLeft;
            case 5 -> mean(mean(left, topRight), top);
            case 6 -> mean(left, topLeft);
            case 7 -> mean(left, top);
            case 8 -> mean(topLeft, top);
            case 9 -> mean(top, topRight);
            case 10 -> mean(mean(left, topLeft), mean(top, topRight));
            case 11 -> nearer(left, top, topLeft);
            case 12 -> full(left, top, topLeft);
            case 13 -> half(mean(left, top), topLeft);
            default -> BLACK;
        };
    }

    private static int mean(int a, int b) {
        return (((a ^ b) & 0xFEFEFEFE) >>> 1) + (a & b);
    }

    /** Left or top, whichever is nearer to left + top - top left. */
    private static int nearer(int left, int top, int topLeft) {
        int toLeft = 0;
        int toTop = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int corner = topLeft >>> shift & 0xFF;
            toLeft += Math.abs((top >>> shift & 0xFF) - corner);
            toTop += Math.abs((left >>> shift & 0xFF) - corner);
        }
        return toLeft < toTop ? left : top;
    }

    private static int full(int left, int top, int topLeft) {
        int all = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int sum = (left >>> shift & 0xFF) + (top >>> shift & 0xFF) - (topLeft >>> shift & 0xFF);
            all |= clamp(sum) << shift;
        }
        return all;
    }

    private static int half(int mean, int topLeft) {
        int all = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int a = mean >>> shift & 0xFF;
            all |= clamp(a + (a - (topLeft >>> shift & 0xFF)) / 2) << shift;
        }
        return all;
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
