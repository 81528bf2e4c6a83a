package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.command.TerminalText;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a generation on standard error: a bar on a terminal, a line per picture elsewhere. */
final class ProgressView implements GenerationListener, AutoCloseable {
    /** Set by the launcher when standard error is a terminal, which Java cannot tell. */
    private static final String TERMINAL = "STUDIO_TERMINAL";

    private final PrintWriter err;
    private final boolean terminal;
    private final int pictures;
    private final @Nullable TraceFile trace;
    private @Nullable ProgressBar bar;

    ProgressView(PrintWriter err, int pictures, @Nullable TraceFile trace) {
        this.err = err;
        this.pictures = pictures;
        this.trace = trace;
        this.terminal = System.getenv(TERMINAL) != null;
    }

    @Override
    public void onStage(int picture, Stage stage) {
        if (!terminal && stage == Stage.DENOISING) {
            err.println("picture " + (picture + 1) + " of " + pictures);
            err.flush();
        }
    }

    @Override
    public void onStep(Step step) {
        if (!terminal) {
            return;
        }
        if (bar == null) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("painting")
                            .setInitialMax((long) step.calls() * pictures)
                            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                            .setUnit(" steps", 1)
                            .showSpeed()
                            .setSpeedUnit(ChronoUnit.SECONDS)
                            .setUpdateIntervalMillis(200)
                            .build();
        }
        bar.stepTo((long) step.picture() * step.calls() + step.call());
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
        if (bar != null) {
            bar.close();
        }
    }
}
