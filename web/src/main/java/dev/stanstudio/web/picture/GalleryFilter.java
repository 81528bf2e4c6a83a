package dev.stanstudio.web.picture;

import org.jspecify.annotations.Nullable;

/**
 * Selects pictures of the gallery; all conditions hold together. A null selects all.
 *
 * @param style the style's words; empty for pictures without one
 * @param words text that the prompt or the note contains
 * @param starred whether pictures need a star
 * @param board id of a board that holds them
 * @param trials whether to select the pictures that try out features of a STAN, and no others;
 *     false selects all but these
 */
public record GalleryFilter(
        @Nullable String style,
        @Nullable String method,
        @Nullable String words,
        boolean starred,
        @Nullable String board,
        boolean trials) {
    /** Selects every picture but those that try out features. */
    public static final GalleryFilter ALL = new GalleryFilter(null, null, null, false, null, false);

    /** Returns the same filter with another style, or none. */
    public GalleryFilter withStyle(@Nullable String other) {
        return new GalleryFilter(other, method, words, starred, board, trials);
    }

    /** Returns the same filter with another method, or none. */
    public GalleryFilter withMethod(@Nullable String other) {
        return new GalleryFilter(style, other, words, starred, board, trials);
    }

    /** Returns the same filter for starred pictures alone, or for all. */
    public GalleryFilter withStarred(boolean other) {
        return new GalleryFilter(style, method, words, other, board, trials);
    }

    /** Returns the same filter with another board, or none. */
    public GalleryFilter withBoard(@Nullable String other) {
        return new GalleryFilter(style, method, words, starred, other, trials);
    }

    /** Returns the filter that selects trials alone, or none of them. */
    public GalleryFilter withTrials(boolean other) {
        return new GalleryFilter(style, method, words, starred, board, other);
    }
}
