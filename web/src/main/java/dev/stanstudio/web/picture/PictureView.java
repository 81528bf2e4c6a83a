package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the page of a picture shows.
 *
 * @param provenance record in the picture's file; null where it has none
 * @param newer id of the next newer picture; null for none
 * @param older id of the next older picture; null for none
 */
public record PictureView(
        Frame frame,
        StoredPicture picture,
        @Nullable Provenance provenance,
        @Nullable String newer,
        @Nullable String older)
        implements View {
    @Override
    public String template() {
        return "gallery/picture.jte";
    }

    /** Holds the button that puts a star on a picture or takes it off. */
    public record Star(StoredPicture picture) implements View {
        @Override
        public String template() {
            return "gallery/star.jte";
        }
    }

    /** Holds two pictures side by side. */
    public record Compare(Frame frame, StoredPicture left, StoredPicture right) implements View {
        @Override
        public String template() {
            return "gallery/compare.jte";
        }
    }
}
