package dev.stanstudio.base.image;

/** A change that an encoder of lossless WebP made to the pixels (RFC 9649, section 3.5). */
interface WebpTransform {
    /** Undoes it; the array given may be changed. */
    int[] undo(int[] pixels);

    /** Green was taken off red and blue. */
    WebpTransform GREEN =
            pixels -> {
                for (int i = 0; i < pixels.length; i++) {
                    int green = pixels[i] >> 8 & 0xFF;
                    pixels[i] = add(pixels[i], green << 16 | green);
                }
                return pixels;
            };

    /** Adds each of four bytes, without carry. */
    static int add(int a, int b) {
        return (((a & 0xFF00FF00) + (b & 0xFF00FF00)) & 0xFF00FF00)
                | (((a & 0xFF00FF) + (b & 0xFF00FF)) & 0xFF00FF);
    }

    /** Numbers by block of a picture: a pixel for each block, row by row. */
    final class Blocks {
        private final int[] numbers;
        private final int bits;
        private final int across;
        private final int width;

        /**
         * @param bits of a block's side, a power of two
         * @param across blocks beside each other
         * @param width of the picture
         */
        Blocks(int[] numbers, int bits, int across, int width) {
            this.numbers = numbers;
            this.bits = bits;
            this.across = across;
            this.width = width;
        }

        int width() {
            return width;
        }

        int at(int x, int y) {
            return numbers[(y >> bits) * across + (x >> bits)];
        }
    }

    /** Shares of green were taken off red and blue, and of red off blue. */
    record Colours(Blocks blocks) implements WebpTransform {
        @Override
        public int[] undo(int[] pixels) {
            for (int i = 0; i < pixels.length; i++) {
                int shares = blocks.at(i % blocks.width(), i / blocks.width());
                int pixel = pixels[i];
                int green = pixel >> 8;
                int red = (pixel >> 16) + share(shares, green);
                int blue = pixel + share(shares >> 8, green) + share(shares >> 16, red);
                pixels[i] = (pixel & 0xFF00FF00) | ((red & 0xFF) << 16) | (blue & 0xFF);
            }
            return pixels;
        }

        private static int share(int of, int value) {
            return ((byte) of * (byte) value) >> 5;
        }
    }

    /** Numbers of colours stand in green, several to a pixel where there are few. */
    final class Palette implements WebpTransform {
        private final int[] colours;
        private final int shared;
        private final int width;
        private final int height;

        /**
         * @param colours as many as there are numbers; transparent black behind the palette's end
         * @param shared 2 to this power are the pixels in one
         */
        private Palette(int[] colours, int shared, int width, int height) {
            this.colours = colours;
            this.shared = shared;
            this.width = width;
            this.height = height;
        }

        /** A palette whose colours are each stored as the difference to the one before. */
        static Palette ofDifferences(int[] stored, int shared, int width, int height) {
            int[] colours = new int[1 << (8 >> shared)];
            for (int i = 0; i < stored.length; i++) {
                colours[i] = i == 0 ? stored[0] : add(colours[i - 1], stored[i]);
            }
            return new Palette(colours, shared, width, height);
        }

        @Override
        public int[] undo(int[] pixels) {
            int across = WebpEntropy.blocks(width, shared);
            int bits = 8 >> shared;
            int[] out = new int[width * height];
            for (int i = 0; i < out.length; i++) {
                int x = i % width;
                int several = pixels[i / width * across + (x >> shared)] >> 8 & 0xFF;
                int place = x & ((1 << shared) - 1);
                out[i] = colours[(several >> (place * bits)) & (colours.length - 1)];
            }
            return out;
        }
    }
}
