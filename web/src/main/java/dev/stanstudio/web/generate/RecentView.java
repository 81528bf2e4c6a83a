package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.server.View;
import java.util.List;

/**
 * Lists the newest matrices.
 *
 * @param matrices newest first
 * @param shown id of the one that is shown; empty for none
 * @param swapped whether it replaces the list that a page shows, beside the content of an answer
 */
public record RecentView(List<Matrix> matrices, String shown, boolean swapped) {
    /** Shows a new matrix beside the list that it begins. */
    public record Ordered(MatrixView matrix, RecentView recent) implements View {
        @Override
        public String template() {
            return "generate/ordered.jte";
        }
    }
}
