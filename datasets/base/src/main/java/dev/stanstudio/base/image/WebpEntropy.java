package dev.stanstudio.base.image;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An image as lossless WebP codes it: literals, copies of what came before and colours from a cache
 * (RFC 9649, section 3.6). For one image.
 */
final class WebpEntropy {
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int MOST_CACHE_BITS = 11;
    private static final int HASH = 0x1E35A7BD;
    private static final int NEAR = 120;

    /** Pixels near by (section 3.5.2.2): two digits each, rows above and 8 less the steps left. */
    private static final String PLACES =
            "1807171928062729161a262a38053739151b363a252b48044749141c353b"
                    + "464a242c58454b343c035759131d565a232d444c555b333d68026769121e"
                    + "666a222e545c434d656b323e78017779535d111f646c424e767a212f757b"
                    + "313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070";

    private final WebpBits in;
    private final int width;
    private final int height;
    private int @Nullable [] cache;
    private int cacheShift;
    private int @Nullable [] groupOf;
    private int groupBits;
    private int groupsAcross;
    private WebpPrefixCode[][] groups = new WebpPrefixCode[0][];

    private WebpEntropy(WebpBits in, int width, int height) {
        this.in = in;
        this.width = width;
        this.height = height;
    }

    /**
     * Reads an image.
     *
     * @param whole whether it is the picture itself, which may have codes by block
     * @return alpha, red, green and blue of its pixels, row by row
     */
    static int[] read(WebpBits in, int width, int height, boolean whole) throws IOException {
        WebpEntropy image = new WebpEntropy(in, width, height);
        int cacheBits = in.flag() ? in.read(4) : 0;
        if (cacheBits > MOST_CACHE_BITS) {
            throw new IOException("its cache of colours is too large");
        }
        if (cacheBits > 0) {
            image.cache = new int[1 << cacheBits];
            image.cacheShift = 32 - cacheBits;
        }
        int count = whole && in.flag() ? image.readGroups() : 1;
        image.groups = new WebpPrefixCode[count][];
        int colours = LITERALS + LENGTHS + (cacheBits > 0 ? 1 << cacheBits : 0);
        for (int i = 0; i < count; i++) {
            image.groups[i] =
                    new WebpPrefixCode[] {
                        WebpPrefixCode.of(in, colours),
                        WebpPrefixCode.of(in, LITERALS),
                        WebpPrefixCode.of(in, LITERALS),
                        WebpPrefixCode.of(in, LITERALS),
                        WebpPrefixCode.of(in, DISTANCES)
                    };
        }
        return image.pixels();
    }

    /** Reads which codes hold in which block; their number is the largest plus one. */
    private int readGroups() throws IOException {
        groupBits = in.read(3) + 2;
        groupsAcross = blocks(width, groupBits);
        int[] all = read(in, groupsAcross, blocks(height, groupBits), false);
        int most = 0;
        for (int i = 0; i < all.length; i++) {
            all[i] = all[i] >> 8 & 0xFFFF;
            most = Math.max(most, all[i]);
        }
        groupOf = all;
        return most + 1;
    }

    /** Returns the number of blocks of a power of two that cover a length. */
    static int blocks(int length, int bits) {
        return (length + (1 << bits) - 1) >> bits;
    }

    private int[] pixels() throws IOException {
        int[] pixels = new int[Math.multiplyExact(width, height)];
        int at = 0;
        while (at < pixels.length) {
            WebpPrefixCode[] codes = groups[group(at)];
            int symbol = codes[0].read(in);
            if (symbol < LITERALS) {
                int red = codes[1].read(in);
                int blue = codes[2].read(in);
                pixels[at] = codes[3].read(in) << 24 | red << 16 | symbol << 8 | blue;
            } else if (symbol < LITERALS + LENGTHS) {
                at = copy(pixels, at, number(symbol - LITERALS), distance(codes[4].read(in)));
                continue;
            } else if (cache != null) {
                pixels[at] = cache[symbol - LITERALS - LENGTHS];
            }
            remember(pixels[at++]);
        }
        return pixels;
    }

    private int group(int at) {
        return groupOf == null
                ? 0
                : groupOf[((at / width) >> groupBits) * groupsAcross + ((at % width) >> groupBits)];
    }

    private int copy(int[] pixels, int at, int length, int distance) throws IOException {
        if (distance > at || length > pixels.length - at) {
            throw new IOException("its pixel data refer to pixels outside it");
        }
        for (int i = at; i < at + length; i++) {
            pixels[i] = pixels[i - distance];
            remember(pixels[i]);
        }
        return at + length;
    }

    private void remember(int pixel) {
        if (cache != null) {
            cache[(pixel * HASH) >>> cacheShift] = pixel;
        }
    }

    /** A length or distance, whose lower bits follow its symbol. */
    private int number(int symbol) throws IOException {
        if (symbol < 4) {
            return symbol + 1;
        }
        int more = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << more) + in.read(more) + 1;
    }

    private int distance(int symbol) throws IOException {
        int number = number(symbol);
        if (number > NEAR) {
            return number - NEAR;
        }
        int above = Character.digit(PLACES.charAt(2 * number - 2), 16);
        int left = 8 - Character.digit(PLACES.charAt(2 * number - 1), 16);
        return Math.max(1, above * width + left);
    }
}
