package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the gallery's page shows.
 *
 * @param total pictures that pass the filter
 */
public record GalleryView(Frame frame, GalleryChips chips, int total, Tiles tiles) implements View {
    @Override
    public String template() {
        return "gallery/gallery.jte";
    }

    /**
     * Holds some of the gallery's pictures.
     *
     * @param more address of the next ones; null for none
     */
    public record Tiles(List<StoredPicture> pictures, @Nullable String more) implements View {
        @Override
        public String template() {
            return "gallery/tiles.jte";
        }
    }

    /** Holds the answer to a deletion or to its reversal. */
    public record Deleted(List<String> ids, int count, boolean deleted) implements View {
        @Override
        public String template() {
            return "gallery/deleted.jte";
        }
    }
}
