package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the page of a picture shows.
 *
 * @param provenance record in the picture's file; null where it has none
 * @param newer id of the next newer picture; null for none
 * @param older id of the next older picture; null for none
 * @param boards that hold the picture
 * @param left time that it stays in the bin; empty for a picture that is not deleted
 */
public record PictureView(
        Frame frame,
        StoredPicture picture,
        @Nullable Provenance provenance,
        @Nullable String newer,
        @Nullable String older,
        List<Board> boards,
        String left)
        implements View {
    @Override
    public String template() {
        return "gallery/picture.jte";
    }

    /** Holds the button that stars a picture. */
    public record Star(StoredPicture picture) implements View {
        @Override
        public String template() {
            return "gallery/star.jte";
        }
    }

    /** Holds the field of the visitors' own words. */
    public record Note(StoredPicture picture, boolean saved) implements View {
        @Override
        public String template() {
            return "gallery/note.jte";
        }
    }
}
