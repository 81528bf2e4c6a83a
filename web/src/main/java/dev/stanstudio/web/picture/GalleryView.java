package dev.stanstudio.web.picture;

import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the gallery's page shows.
 *
 * @param total pictures that pass the filter
 * @param board the board that the filter names; null for none
 * @param boards all boards
 * @param orders that can be chosen
 * @param binned pictures in the bin
 */
public record GalleryView(
        Frame frame,
        GalleryQuery query,
        GalleryChips chips,
        int total,
        Tiles tiles,
        @Nullable Board board,
        List<Board> boards,
        List<GalleryOrder> orders,
        int binned)
        implements View {
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

    /**
     * Holds the pictures in the bin.
     *
     * @param total how many there are; the page may show fewer
     */
    public record BinPage(Frame frame, List<Binned> pictures, int total) implements View {
        @Override
        public String template() {
            return "gallery/bin.jte";
        }
    }

    /** Pairs a deleted picture with the days that it stays. */
    public record Binned(StoredPicture picture, String left) {}
}
