package dev.stanstudio.scoring.preprocess;

import dev.stanstudio.datasets.picture.PassOrder;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.Resampler;
import java.util.Locale;

/** How a picture is resized before it is cropped (transformers image_transforms.py, resize). */
public sealed interface Resize {

    /** The picture at its new size; the same object when nothing changes. */
    Picture apply(Picture picture);

    /** The same rule with the axes resized in another order. */
    Resize withOrder(PassOrder order);

    /** The rule in words that never change, such as {@code shortest-224/bicubic/pillow-13}. */
    String identity();

    /** Keeps every picture's size. */
    record None() implements Resize {
        @Override
        public Picture apply(Picture picture) {
            return picture;
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
        public Picture apply(Picture picture) {
            int shortest = Math.min(picture.width(), picture.height());
            int longest = Math.max(picture.width(), picture.height());
            int scaled = Math.toIntExact((long) edge * longest / shortest);
            boolean upright = picture.width() <= picture.height();
            return resampler.resize(picture, upright ? edge : scaled, upright ? scaled : edge);
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
        public Picture apply(Picture picture) {
            return resampler.resize(picture, width, height);
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
