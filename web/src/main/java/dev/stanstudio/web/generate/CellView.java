package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.View;

/** Holds a picture as a cell of its matrix, drawn or not. */
public record CellView(StoredPicture picture) implements View {
    @Override
    public String template() {
        return "generate/cell.jte";
    }
}
