package dev.stanstudio.web.picture;

import org.jspecify.annotations.Nullable;

/**
 * Selects pictures of the gallery. A null selects all.
 *
 * @param style the style's words; empty for pictures without one
 * @param words text that the prompt contains
 */
public record GalleryFilter(
        @Nullable String style, @Nullable String method, @Nullable String words, boolean starred) {
    /** Selects every picture. */
    public static final GalleryFilter ALL = new GalleryFilter(null, null, null, false);

    /** Returns the same filter with another style, or none. */
    public GalleryFilter withStyle(@Nullable String other) {
        return new GalleryFilter(other, method, words, starred);
    }

    /** Returns the same filter with another method, or none. */
    public GalleryFilter withMethod(@Nullable String other) {
        return new GalleryFilter(style, other, words, starred);
    }

    /** Returns the same filter for starred pictures alone, or for all. */
    public GalleryFilter withStarred(boolean other) {
        return new GalleryFilter(style, method, words, other);
    }
}
