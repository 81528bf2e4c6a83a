package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;

/**
 * The rectangle of a picture around its mask that is drawn by itself at the whole size. Source:
 * {@code VaeImageProcessor} of diffusers image_processor.py ({@code get_crop_region}, {@code
 * _resize_and_fill}).
 *
 * @param left of the first column
 * @param top of the first row
 * @param right behind the last column
 * @param bottom behind the last row
 */
record CropRegion(int left, int top, int right, int bottom) {
    private static final Resampler LANCZOS = Resampler.of(ResampleFilter.LANCZOS);

    /** Weights of the two outer rows in rows beyond them: Pillow's bicubic half a row outside. */
    private static final double[] BEYOND = {1.125, -0.125};

    private static final int PRECISION = 22;
    private static final int WHITE = 255;

    /**
     * Returns the region that holds everything of {@code mask} that is not black.
     *
     * @param width of what is drawn; the region gets its shape where the picture has room
     * @param padding pixels added on each side first
     * @throws ArgumentException if the mask is black
     */
    static CropRegion around(Picture mask, int width, int height, int padding) {
        CropRegion tight = tight(mask);
        CropRegion padded =
                new CropRegion(
                        Math.max(tight.left - padding, 0),
                        Math.max(tight.top - padding, 0),
                        Math.min(tight.right + padding, mask.width()),
                        Math.min(tight.bottom + padding, mask.height()));
        double wanted = (double) width / height;
        if ((double) padded.width() / padded.height() > wanted) {
            int[] rows =
                    widened(
                            padded.top,
                            padded.bottom,
                            (int) (padded.width() / wanted - padded.height()),
                            mask.height());
            return new CropRegion(padded.left, rows[0], padded.right, rows[1]);
        }
        int[] columns =
                widened(
                        padded.left,
                        padded.right,
                        (int) (padded.height() * wanted - padded.width()),
                        mask.width());
        return new CropRegion(columns[0], padded.top, columns[1], padded.bottom);
    }

    /** Widens a stretch by {@code more} about its middle, moved back into 0 … {@code end}. */
    private static int[] widened(int from, int to, int more, int end) {
        int first = from - Math.floorDiv(more, 2);
        int last = to + more - Math.floorDiv(more, 2);
        if (last >= end) {
            first -= last - end;
            last = end;
        }
        if (first < 0) {
            last -= first;
            first = 0;
        }
        return new int[] {first, Math.min(last, end)};
    }

    private static CropRegion tight(Picture mask) {
        int left = mask.width();
        int top = mask.height();
        int right = 0;
        int bottom = 0;
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (mask.sample(x, y, 0) != 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                    top = Math.min(top, y);
                    bottom = y + 1;
                }
            }
        }
        if (right == 0) {
            throw new ArgumentException(
                    "the mask is black everywhere, so that there is nothing to crop around; paint"
                            + " white where the picture is drawn anew");
        }
        return new CropRegion(left, top, right, bottom);
    }

    int width() {
        return right - left;
    }

    int height() {
        return bottom - top;
    }

    /**
     * Returns the region of a picture in another size: as large as fits in its shape, in the
     * middle, its outer rows or columns repeated where the shapes differ.
     */
    Picture cropped(Picture picture, int width, int height) {
        Picture part = picture.crop(left, top, width(), height());
        double wanted = (double) width / height;
        double own = (double) width() / height();
        int across = wanted < own ? width : width() * height / height();
        int down = wanted >= own ? height : height() * width / width();
        Picture resized = LANCZOS.resize(part, across, down);
        int x = width / 2 - across / 2;
        int y = height / 2 - down / 2;
        return filled(resized, width, height, x, y, wanted < own);
    }

    private static Picture filled(
            Picture part, int width, int height, int x, int y, boolean rowsBeyond) {
        int channels = part.mode().channels();
        byte[] out = new byte[width * height * channels];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                int across = column - x;
                int down = row - y;
                boolean inside =
                        across >= 0 && across < part.width() && down >= 0 && down < part.height();
                boolean beyond =
                        rowsBeyond
                                ? within(down, y, part.height())
                                : within(across, x, part.width());
                for (int channel = 0; channel < channels && (inside || beyond); channel++) {
                    int value =
                            inside
                                    ? part.sample(across, down, channel)
                                    : beyond(part, across, down, channel, rowsBeyond);
                    out[(row * width + column) * channels + channel] = (byte) value;
                }
            }
        }
        return Picture.of(width, height, part.mode(), out);
    }

    /** Returns true where the reference fills: as many lines after the part as before it. */
    private static boolean within(int at, int before, int length) {
        return at < length + before;
    }

    private static int beyond(Picture part, int x, int y, int channel, boolean rows) {
        int at = rows ? y : x;
        int length = rows ? part.height() : part.width();
        int outer = at < 0 ? 0 : length - 1;
        int inner = at < 0 ? Math.min(1, length - 1) : Math.max(length - 2, 0);
        int first = rows ? part.sample(x, outer, channel) : part.sample(outer, y, channel);
        if (inner == outer) {
            return first;
        }
        int second = rows ? part.sample(x, inner, channel) : part.sample(inner, y, channel);
        long one = 1L << PRECISION;
        long sum =
                (one >> 1)
                        + first * Math.round(BEYOND[0] * one)
                        + second * Math.round(BEYOND[1] * one);
        return (int) Math.max(0, Math.min(WHITE, sum >> PRECISION));
    }
}
