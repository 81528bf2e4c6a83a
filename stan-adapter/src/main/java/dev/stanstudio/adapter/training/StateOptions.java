package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.training.Trainee;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Says how often a training keeps the adapter as it is, and how many of its states. */
final class StateOptions {
    @Option(
            names = "--save-every",
            paramLabel = "N",
            description =
                    "Steps after which the adapter is kept as it is then, in checkpoints/ (default:"
                            + " only the resulting one).")
    @Nullable Long every;

    @Option(
            names = "--keep-checkpoints",
            paramLabel = "N",
            description =
                    "At most so many of them, the newest; without --save-every so many, evenly over"
                            + " the training.")
    @Nullable Integer most;

    /** Refuses intervals and numbers that cannot be. */
    void check() {
        if (every != null && every < 1) {
            throw new ArgumentException("--save-every must be at least 1, not " + every);
        }
        if (most != null && most < 1) {
            throw new ArgumentException("--keep-checkpoints must be at least 1, not " + most);
        }
    }

    /**
     * Returns {@code training}, which then keeps its states too.
     *
     * @param folder of the training
     * @param err receives what they take on disk
     */
    Trainee over(Trainee training, Path folder, StateSaver.Writer writer, PrintWriter err) {
        if (every == null && most == null) {
            return training;
        }
        long steps = training.plannedSteps();
        long kept = most == null ? Long.MAX_VALUE : most;
        long interval = every == null ? Math.max(1, steps / kept) : every;
        return new StateSaver(
                training, new StateSaver.Rule(interval, kept), folder, writer, err::println);
    }
}
