package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the page Generate shows.
 *
 * @param depth length of the queue
 * @param recent newest matrices, newest first
 * @param matrix the matrix beside the form; null for none
 */
public record GenerateView(
        Frame frame,
        FormView form,
        PictureQueue.Depth depth,
        List<Matrix> recent,
        @Nullable MatrixView matrix)
        implements View {
    @Override
    public String template() {
        return "generate/page.jte";
    }
}
