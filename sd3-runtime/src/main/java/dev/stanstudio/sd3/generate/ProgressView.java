package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.TerminalText;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Shows a generation on standard error: a bar on a terminal, a line per picture elsewhere. */
final class ProgressView implements GenerationListener, AutoCloseable {
    private final PrintWriter err;
    private final int pictures;
    private final @Nullable TraceFile trace;
    private final Progress progress;
    private boolean begun;
    private int before;
    private int shown = -1;

    ProgressView(PrintWriter err, int pictures, @Nullable TraceFile trace) {
        this.err = err;
        this.pictures = pictures;
        this.trace = trace;
        this.progress = new Progress(err);
    }

    /** Counts the pictures of the next request after {@code count} of earlier ones. */
    void countAfter(int count) {
        before = count;
    }

    @Override
    public void onStage(int picture, Stage stage) {
        if (stage == Stage.DENOISING && shown != before + picture) {
            shown = before + picture;
            progress.line("picture %d of %d".formatted(before + picture + 1, pictures));
        }
    }

    @Override
    public void onStep(Step step) {
        if (!begun) {
            begun = true;
            progress.begin("sampling", (long) step.calls() * pictures);
        }
        progress.done((long) (before + step.picture()) * step.calls() + step.call());
    }

    @Override
    public void onWarning(String message) {
        err.println("note: " + TerminalText.escaped(message));
        err.flush();
    }

    @Override
    public boolean wantsTensors() {
        return trace != null;
    }

    @Override
    public void onTensor(int picture, String name, Tensor tensor) {
        if (trace != null) {
            trace.add(name, tensor);
        }
    }

    @Override
    public void close() {
        progress.close();
    }
}
