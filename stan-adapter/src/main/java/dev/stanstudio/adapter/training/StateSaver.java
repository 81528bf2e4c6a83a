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
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains as another does, and writes the adapter into {@code checkpoints/} after every so many
 * steps. States after the step at which a training begins or goes on are of a run whose steps are
 * made again, and removed. Belongs to one thread.
 */
final class StateSaver implements Trainee {
    /** Writes an adapter. */
    interface Writer {
        /** Writes the adapter as it is after {@code step} to {@code out}, which does not exist. */
        void write(long step, Path out);
    }

    private final Trainee training;
    private final long every;
    private final Path folder;
    private final Writer writer;
    private boolean begun;

    StateSaver(Trainee training, long every, Path folder, Writer writer) {
        this.training = training;
        this.every = every;
        this.folder = folder;
        this.writer = writer;
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
        if (step % every == 0) {
            Uninterrupted.run(() -> writer.write(step, AdapterPlace.state(folder, step)));
        }
        return numbers;
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
