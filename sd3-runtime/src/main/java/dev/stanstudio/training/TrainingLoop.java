package dev.stanstudio.training;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Uninterrupted;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/**
 * Runs a training to its end in a folder: resumes from {@code checkpoint.safetensors} if it is
 * there, writes {@code log.jsonl}, TensorBoard's events, a picture of the losses, sheets under
 * {@code samples/}, and the checkpoint again from time to time, at the end, and when the thread is
 * interrupted. Killed at any moment it loses the steps since the last checkpoint and nothing else.
 * Belongs to one thread.
 */
public final class TrainingLoop {
    /** The state that a training resumes from. */
    public static final String CHECKPOINT = "checkpoint.safetensors";

    /** The numbers of all steps. */
    public static final String LOG = "log.jsonl";

    /** The folder that TensorBoard reads. */
    public static final String EVENTS = "tensorboard";

    /** The picture of the losses. */
    public static final String CURVE = "loss.png";

    private static final String TRAINING = "training";
    private static final String SAMPLING = "drawing samples";
    private static final double NANOS = 1e9;

    /**
     * Intervals of logging, samples and checkpoints; none of them changes the result.
     *
     * @param logEvery steps between lines of the log
     * @param validateEvery steps between validations with a sheet of samples
     * @param saveSeconds seconds between checkpoints
     */
    public record Rhythm(int logEvery, int validateEvery, int saveSeconds) {
        /** Refuses intervals below 1. */
        public Rhythm {
            if (logEvery < 1 || validateEvery < 1 || saveSeconds < 1) {
                throw new dev.stanstudio.base.ArgumentException(
                        "--log-every, --validate-every and --save-seconds must be at least 1, not %s, %s and %s"
                                .formatted(logEvery, validateEvery, saveSeconds));
            }
        }
    }

    /** Receives the progress of a training. */
    public interface Listener {
        /** Called after a line of the log was written. */
        void onNumbers(String kind, long step, long planned, Map<String, Double> numbers);

        /** Called when the training begins or goes on, and when samples are drawn. */
        default void onPhase(String name) {}
    }

    private final Path folder;
    private final Rhythm rhythm;
    private final Listener listener;

    /** A loop in {@code folder}, which is made if it is missing. */
    public TrainingLoop(Path folder, Rhythm rhythm, Listener listener) {
        this.folder = folder;
        this.rhythm = rhythm;
        this.listener = listener;
    }

    /**
     * Trains to the end.
     *
     * @throws CancellationException when the thread is interrupted; the checkpoint is written
     * @throws UserException if the folder holds a training with other settings, or of more steps
     */
    public void run(Trainee trainee) {
        Path checkpoint = prepare();
        if (Files.exists(checkpoint)) {
            trainee.resume(checkpoint);
            requireWithin(checkpoint, trainee);
        }
        Records log = Records.open(folder, trainee.steps());
        long saved = System.nanoTime();
        Window window = new Window();
        listener.onPhase(TRAINING);
        while (trainee.steps() < trainee.plannedSteps()) {
            window.add(trainee);
            long step = trainee.steps();
            boolean last = step == trainee.plannedSteps();
            if (step % rhythm.logEvery() == 0 || last) {
                writeRecord(log, "train", trainee, withMemory(window.take()));
            }
            if (step % rhythm.validateEvery() == 0 || last) {
                validate(trainee, log);
            }
            boolean stop = Thread.currentThread().isInterrupted();
            if (last || stop || System.nanoTime() - saved > rhythm.saveSeconds() * NANOS) {
                Uninterrupted.run(() -> trainee.save(checkpoint));
                saved = System.nanoTime();
            }
            if (last || stop) {
                Uninterrupted.run(() -> log.curve().draw());
            }
            if (stop && !last) {
                throw new CancellationException(
                        "stopped at step %d of %d; the same command goes on from there"
                                .formatted(step, trainee.plannedSteps()));
            }
        }
    }

    private static void requireWithin(Path checkpoint, Trainee trainee) {
        if (trainee.steps() > trainee.plannedSteps()) {
            throw new UserException(
                    "%s is of step %d, beyond the %d of this training; train anew in another folder"
                            .formatted(checkpoint, trainee.steps(), trainee.plannedSteps()));
        }
    }

    private Path prepare() {
        try {
            Files.createDirectories(folder.resolve("samples"));
            return folder.resolve(CHECKPOINT);
        } catch (IOException e) {
            throw new UserException(
                    "the folder " + folder + " cannot be made: " + AtomicFile.reason(e), e);
        }
    }

    private void validate(Trainee trainee, Records log) {
        Map<String, Double> numbers = trainee.validate();
        writeRecord(log, "validation", trainee, numbers);
        trainee.validated(folder, numbers);
        String name = String.format(Locale.ROOT, "%07d.png", trainee.steps());
        listener.onPhase(SAMPLING);
        trainee.drawSamples(folder.resolve("samples").resolve(name));
        listener.onPhase(TRAINING);
    }

    private void writeRecord(
            Records log, String kind, Trainee trainee, Map<String, Double> numbers) {
        log.add(kind, trainee.steps(), numbers);
        listener.onNumbers(kind, trainee.steps(), trainee.plannedSteps(), numbers);
    }

    private static Map<String, Double> withMemory(Map<String, Double> numbers) {
        Map<String, Double> all = new TreeMap<>(numbers);
        ProcessMemory.resident().ifPresent(memory -> all.put("memory_gib", memory));
        return all;
    }

    /** The outputs that numbers are written to. */
    private record Records(TrainingLog log, TensorBoardEvents events, LossCurve curve) {
        static Records open(Path folder, long steps) {
            Path lines = folder.resolve(LOG);
            return new Records(
                    TrainingLog.open(lines, steps),
                    TensorBoardEvents.open(folder.resolve(EVENTS), steps),
                    LossCurve.open(folder.resolve(CURVE), lines));
        }

        void add(String kind, long step, Map<String, Double> numbers) {
            log.add(kind, step, numbers);
            events.add(kind, step, numbers);
            curve.add(kind, step, numbers);
        }
    }

    /** Means of the steps' numbers since the last line. */
    private static final class Window {
        private final Map<String, Double> sums = new TreeMap<>();
        private long count;

        void add(Trainee trainee) {
            long began = System.nanoTime();
            trainee.step().forEach((name, value) -> sums.merge(name, value, Double::sum));
            sums.merge("step_seconds", (System.nanoTime() - began) / NANOS, Double::sum);
            count++;
        }

        Map<String, Double> take() {
            Map<String, Double> means = new TreeMap<>();
            sums.forEach((name, sum) -> means.put(name, sum / count));
            sums.clear();
            count = 0;
            return means;
        }
    }
}
