package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.View;

/** Holds the pictures of a STAN as it is and with a feature changed. */
public record PairView(StoredPicture left, StoredPicture right) implements View {
    @Override
    public String template() {
        return "generate/pair.jte";
    }

    /** Returns whether one of the pictures is still to be drawn. */
    public boolean isOpen() {
        return left.state().isOpen() || right.state().isOpen();
    }
}
