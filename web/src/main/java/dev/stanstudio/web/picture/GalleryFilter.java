package dev.stanstudio.web.picture;

import org.jspecify.annotations.Nullable;

/**
 * Which pictures are to be shown. What is null is not asked for.
 *
 * @param style the style's words; empty for pictures without one
 * @param words what the prompt is to contain
 */
public record GalleryFilter(
        @Nullable String style, @Nullable String method, @Nullable String words, boolean starred) {
    /** Every picture. */
    public static final GalleryFilter ALL = new GalleryFilter(null, null, null, false);

    /** The same filter with another style, or none. */
    public GalleryFilter withStyle(@Nullable String other) {
        return new GalleryFilter(other, method, words, starred);
    }

    /** The same filter with another method, or none. */
    public GalleryFilter withMethod(@Nullable String other) {
        return new GalleryFilter(style, other, words, starred);
    }

    /** The same filter with or without the wish for stars. */
    public GalleryFilter withStarred(boolean other) {
        return new GalleryFilter(style, method, words, other);
    }
}
