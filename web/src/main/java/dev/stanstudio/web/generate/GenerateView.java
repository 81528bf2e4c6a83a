package dev.stanstudio.web.generate;

import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.View;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the page Generate shows.
 *
 * @param depth length of the queue
 * @param matrix the matrix beside the form; null for none
 */
public record GenerateView(
        Frame frame,
        FormView form,
        PictureQueue.Depth depth,
        RecentView recent,
        @Nullable MatrixView matrix)
        implements View {
    @Override
    public String template() {
        return "generate/page.jte";
    }
}
