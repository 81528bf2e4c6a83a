package dev.stanstudio.base.image;

/**
 * Resizes pictures to the byte as Pillow's {@code Image.resize} does: two passes in 22-bit fixed
 * point with the kernel widened to the source pixels a target pixel covers, so that shrinking does
 * not alias. Colours with alpha are mixed in premultiplied form. Immutable and free of state, so it
 * may be shared.
 *
 * <p>{@link PixelMode#BILEVEL} and {@link PixelMode#PALETTE} pictures cannot hold mixed colours and
 * are always resized by {@link ResampleFilter#NEAREST}, whatever the filter; convert them first for
 * a smooth result.
 *
 * @param filter the kernel
 * @param order which axis comes first
 * @param reducingGap how many times larger than the target the picture stays when it is first
 *     shrunk by whole factors, at least 1; infinity for no such step. Smaller is faster and less
 *     faithful. Ignored by {@link ResampleFilter#NEAREST}
 */
public record Resampler(ResampleFilter filter, PassOrder order, double reducingGap) {

    public Resampler {
        if (!(reducingGap >= 1)) {
            throw new IllegalArgumentException(
                    "reducing gap must be 1 or more, not " + reducingGap);
        }
    }

    /** The plain resize of Pillow 13. */
    public static Resampler of(ResampleFilter filter) {
        return new Resampler(filter, PassOrder.PILLOW_13, Double.POSITIVE_INFINITY);
    }

    public Resampler withOrder(PassOrder passOrder) {
        return new Resampler(filter, passOrder, reducingGap);
    }

    public Resampler withReducingGap(double gap) {
        return new Resampler(filter, order, gap);
    }

    /** The whole picture at another size. */
    public Picture resize(Picture source, int width, int height) {
        return resize(source, width, height, ResampleBox.whole(source));
    }

    /**
     * Part of the picture at another size.
     *
     * @throws IllegalArgumentException when the target is empty or the box does not lie within the
     *     source
     */
    public Picture resize(Picture source, int width, int height, ResampleBox box) {
        requireTarget(width, height);
        return resize(source, width, height, box, ResizedPart.whole(width, height));
    }

    /**
     * Part of the picture at another size: the same pixels as those of {@link #resize(Picture, int,
     * int)} there, for the cost of that part.
     *
     * @throws IllegalArgumentException when the target is empty or the part does not lie within it
     */
    public Picture resizePart(Picture source, int width, int height, ResizedPart part) {
        requireTarget(width, height);
        part.requireWithin(width, height);
        return resize(source, width, height, ResampleBox.whole(source), part);
    }

    private static void requireTarget(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "target size must be at least 1x1, not " + width + "x" + height);
        }
    }

    private Picture resize(
            Picture source, int width, int height, ResampleBox box, ResizedPart part) {
        box.requireWithin(source);
        boolean sameSize = width == source.width() && height == source.height();
        if (sameSize && box.equals(ResampleBox.whole(source))) {
            return crop(source, 0, 0, part);
        }
        if (filter == ResampleFilter.NEAREST || !source.mode().isMixable()) {
            return crop(NearestScaling.scale(source, width, height, box), 0, 0, part);
        }
        if (source.mode().hasAlpha()) {
            Picture premultiplied = PixelConversions.premultiply(source);
            return PixelConversions.unpremultiply(mix(premultiplied, width, height, box, part));
        }
        return mix(source, width, height, box, part);
    }

    /** The pixels of {@code part} where the resized picture begins at ({@code x}, {@code y}). */
    private static Picture crop(Picture source, int x, int y, ResizedPart part) {
        return source.crop(x + part.left(), y + part.top(), part.width(), part.height());
    }

    private Picture mix(Picture source, int width, int height, ResampleBox box, ResizedPart part) {
        int factorX = reduction((box.right() - box.left()) / width);
        int factorY = reduction((box.bottom() - box.top()) / height);
        if (factorX == 1 && factorY == 1) {
            return convolve(source, width, height, box, part);
        }
        double reach = filter.support() - 0.5;
        double reachX = reach * ((box.right() - box.left()) / width);
        double reachY = reach * ((box.bottom() - box.top()) / height);
        int left = Math.max(0, (int) (box.left() - reachX));
        int top = Math.max(0, (int) (box.top() - reachY));
        int right = (int) Math.min(source.width(), Math.ceil(box.right() + reachX));
        int bottom = (int) Math.min(source.height(), Math.ceil(box.bottom() + reachY));
        Picture used = source.crop(left, top, right - left, bottom - top);
        return convolve(
                BoxReduction.reduce(used, factorX, factorY),
                width,
                height,
                new ResampleBox(
                        (box.left() - left) / factorX,
                        (box.top() - top) / factorY,
                        (box.right() - left) / factorX,
                        (box.bottom() - top) / factorY),
                part);
    }

    private int reduction(double scale) {
        return Math.max(1, (int) (scale / reducingGap));
    }

    private Picture convolve(
            Picture source, int width, int height, ResampleBox box, ResizedPart part) {
        float left = (float) box.left();
        float top = (float) box.top();
        float right = (float) box.right();
        float bottom = (float) box.bottom();
        if (box.isPixelRectangle(width, height)) {
            return crop(source, (int) left, (int) top, part);
        }
        boolean alongRows = width != source.width() || left != 0 || right != width;
        boolean alongColumns = height != source.height() || top != 0 || bottom != height;
        AxisWeights rows =
                AxisWeights.of(filter, source.width(), left, right, width)
                        .part(part.left(), part.width());
        AxisWeights columns =
                AxisWeights.of(filter, source.height(), top, bottom, height)
                        .part(part.top(), part.height());
        if (!alongColumns) {
            Picture used = source.crop(0, part.top(), source.width(), part.height());
            return ResamplePass.alongRows(used, rows);
        }
        if (!alongRows) {
            Picture used = source.crop(part.left(), 0, part.width(), source.height());
            return ResamplePass.alongColumns(used, columns);
        }
        boolean vertical = order.verticalFirst(source.width() - width, source.height() - height);
        return vertical ? columnsFirst(source, rows, columns) : rowsFirst(source, rows, columns);
    }

    private static Picture columnsFirst(Picture source, AxisWeights rows, AxisWeights columns) {
        int begin = rows.begin();
        Picture used = source.crop(begin, 0, rows.end() - begin, source.height());
        Picture between = ResamplePass.alongColumns(used, columns);
        return ResamplePass.alongRows(between, rows.withoutLeading(begin));
    }

    private static Picture rowsFirst(Picture source, AxisWeights rows, AxisWeights columns) {
        int begin = columns.begin();
        Picture used = source.crop(0, begin, source.width(), columns.end() - begin);
        Picture between = ResamplePass.alongRows(used, rows);
        return ResamplePass.alongColumns(between, columns.withoutLeading(begin));
    }
}
