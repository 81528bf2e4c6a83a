package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the gallery's page shows.
 *
 * @param total pictures that pass the filter
 */
public record GalleryView(Frame frame, GalleryChips chips, int total, Tiles tiles) {
    /**
     * Holds some of the gallery's pictures.
     *
     * @param more address of the next ones; null for none
     */
    public record Tiles(List<StoredPicture> pictures, @Nullable String more) {}

    /** Holds the answer to a deletion or to its reversal. */
    public record Deleted(List<String> ids, int count, boolean deleted) {}
}
