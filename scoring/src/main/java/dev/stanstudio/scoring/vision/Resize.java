package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.image.PassOrder;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.base.image.ResizedPart;
import java.util.Locale;

/** Resizes a picture before it is cropped (transformers image_transforms.py, resize). */
public sealed interface Resize {

    /** Pixels of a picture. */
    record Size(int width, int height) {}

    /** The size that a picture gets. */
    Size target(Picture picture);

    /** The picture at its new size; the same object when nothing changes. */
    default Picture apply(Picture picture) {
        Size size = target(picture);
        return part(picture, new ResizedPart(0, 0, size.width(), size.height()));
    }

    /**
     * The pixels of {@code part}, as {@link #apply} gives them.
     *
     * @throws IllegalArgumentException if {@code part} does not lie within the new size
     */
    Picture part(Picture picture, ResizedPart part);

    /** The same rule with the axes resized in another order. */
    Resize withOrder(PassOrder order);

    /** The rule in words that never change, such as {@code shortest-224/bicubic/pillow-13}. */
    String identity();

    /** Keeps every picture's size. */
    record None() implements Resize {
        @Override
        public Size target(Picture picture) {
            return new Size(picture.width(), picture.height());
        }

        @Override
        public Picture part(Picture picture, ResizedPart part) {
            return picture.crop(part.left(), part.top(), part.width(), part.height());
        }

        @Override
        public Resize withOrder(PassOrder order) {
            return this;
        }

        @Override
        public String identity() {
            return "none";
        }
    }

    /**
     * Keeps the proportions: the shorter side becomes {@code edge} pixels, the longer one {@code
     * ⌊edge · long / short⌋}.
     */
    record ShortestEdge(int edge, Resampler resampler) implements Resize {
        /** Refuses an empty target. */
        public ShortestEdge {
            requirePositive("shortest_edge", edge);
        }

        @Override
        public Size target(Picture picture) {
            int shortest = Math.min(picture.width(), picture.height());
            int longest = Math.max(picture.width(), picture.height());
            int scaled = Math.toIntExact((long) edge * longest / shortest);
            boolean upright = picture.width() <= picture.height();
            return upright ? new Size(edge, scaled) : new Size(scaled, edge);
        }

        @Override
        public Picture part(Picture picture, ResizedPart part) {
            Size size = target(picture);
            return resampler.resizePart(picture, size.width(), size.height(), part);
        }

        @Override
        public Resize withOrder(PassOrder order) {
            return new ShortestEdge(edge, resampler.withOrder(order));
        }

        @Override
        public String identity() {
            return "shortest-" + edge + "/" + name(resampler);
        }
    }

    /** Stretches to {@code height} × {@code width} pixels. */
    record Exact(int height, int width, Resampler resampler) implements Resize {
        /** Refuses an empty target. */
        public Exact {
            requirePositive("height", height);
            requirePositive("width", width);
        }

        @Override
        public Size target(Picture picture) {
            return new Size(width, height);
        }

        @Override
        public Picture part(Picture picture, ResizedPart part) {
            return resampler.resizePart(picture, width, height, part);
        }

        @Override
        public Resize withOrder(PassOrder order) {
            return new Exact(height, width, resampler.withOrder(order));
        }

        @Override
        public String identity() {
            return "exact-" + height + "x" + width + "/" + name(resampler);
        }
    }

    private static void requirePositive(String what, int pixels) {
        if (pixels < 1) {
            throw new IllegalArgumentException(what + " must be at least 1 pixel, not " + pixels);
        }
    }

    private static String name(Resampler resampler) {
        String gap =
                resampler.reducingGap() == Double.POSITIVE_INFINITY
                        ? ""
                        : "/gap-" + resampler.reducingGap();
        String words = resampler.filter() + "/" + resampler.order() + gap;
        return words.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
