package dev.stanstudio.adapter.training;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Uninterrupted;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.training.Trainee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Trains as another does, and writes the adapter into {@code checkpoints/} after every so many
 * steps, of which the newest may be kept alone. States after the step at which a training begins or
 * goes on are of a run whose steps are made again, and removed. Belongs to one thread.
 */
final class StateSaver implements Trainee {
    private static final double MEGABYTE = 1e6;

    /** Writes an adapter. */
    interface Writer {
        /** Writes the adapter as it is after {@code step} to {@code out}, which does not exist. */
        void write(long step, Path out);
    }

    /**
     * Says which states are kept.
     *
     * @param every steps between them
     * @param most how many, the newest; {@link Long#MAX_VALUE} for all
     */
    record Rule(long every, long most) {
        long kept(long steps) {
            return Math.min(most, steps / every);
        }
    }

    private final Trainee training;
    private final Rule rule;
    private final Path folder;
    private final Writer writer;
    private final Consumer<String> tell;
    private boolean begun;
    private boolean told;

    /**
     * States of {@code training} in its folder.
     *
     * @param tell receives once what they take on disk
     */
    StateSaver(Trainee training, Rule rule, Path folder, Writer writer, Consumer<String> tell) {
        this.training = training;
        this.rule = rule;
        this.folder = folder;
        this.writer = writer;
        this.tell = tell;
    }

    @Override
    public Map<String, Double> step() {
        if (!begun) {
            SavedState.in(folder).stream()
                    .filter(state -> state.step() > training.steps())
                    .forEach(state -> delete(state.path()));
            begun = true;
        }
        Map<String, Double> numbers = training.step();
        long step = training.steps();
        if (step % rule.every() == 0) {
            Uninterrupted.run(() -> keep(step));
        }
        return numbers;
    }

    /** The older ones go when the new one is complete, so that a full disk takes none away. */
    private void keep(long step) {
        Path state = AdapterPlace.state(folder, step);
        writer.write(step, state);
        List<SavedState> states = SavedState.in(folder);
        states.stream()
                .limit(Math.max(0, states.size() - rule.most()))
                .forEach(old -> delete(old.path()));
        if (!told) {
            told = true;
            long kept = rule.kept(training.plannedSteps());
            double each = size(state) / MEGABYTE;
            tell.accept(
                    String.format(
                            Locale.ROOT,
                            "checkpoints: %d are kept, %.1f MB each, %.1f MB in all",
                            kept,
                            each,
                            kept * each));
        }
    }

    private static long size(Path state) {
        try (Stream<Path> files = Files.list(state)) {
            long sum = 0;
            for (Path file : files.toList()) {
                sum += Files.size(file);
            }
            return sum;
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be read: %s".formatted(state, AtomicFile.reason(e)), e);
        }
    }

    private static void delete(Path state) {
        try (Stream<Path> files = Files.walk(state)) {
            List<Path> deepest = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepest) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UserException(
                    "the earlier state %s cannot be deleted: %s"
                            .formatted(state, AtomicFile.reason(e)),
                    e);
        }
    }

    @Override
    public long steps() {
        return training.steps();
    }

    @Override
    public long plannedSteps() {
        return training.plannedSteps();
    }

    @Override
    public Map<String, Double> validate() {
        return training.validate();
    }

    @Override
    public void validated(Path place, Map<String, Double> numbers) {
        training.validated(place, numbers);
    }

    @Override
    public void drawSamples(Path file) {
        training.drawSamples(file);
    }

    @Override
    public void save(Path checkpoint) {
        training.save(checkpoint);
    }

    @Override
    public void resume(Path checkpoint) {
        training.resume(checkpoint);
    }

    @Override
    public void close() {
        training.close();
    }
}
