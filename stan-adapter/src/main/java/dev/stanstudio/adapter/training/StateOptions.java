package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.training.Trainee;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Says how often a training keeps the adapter as it is. */
final class StateOptions {
    @Option(
            names = "--save-every",
            paramLabel = "N",
            description =
                    "Steps after which the adapter is kept as it is then, in checkpoints/ (default:"
                            + " only the resulting one).")
    @Nullable Long every;

    /** Refuses intervals that cannot be. */
    void check() {
        if (every != null && every < 1) {
            throw new ArgumentException("--save-every must be at least 1, not " + every);
        }
    }

    /**
     * Returns {@code training}, which then keeps its states too.
     *
     * @param folder of the training
     */
    Trainee over(Trainee training, Path folder, StateSaver.Writer writer) {
        return every == null ? training : new StateSaver(training, every, folder, writer);
    }
}
