package dev.stanstudio.pretrain;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.RunOptions;
import dev.stanstudio.training.Trainee;
import dev.stanstudio.training.TrainingLoop;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Defines the options that all commands share that train a built-in model, and their run. */
public final class PretrainOptions {
    private static final String EXPORT = "export";

    @Spec(Spec.Target.MIXEE)
    @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

    @Option(names = "--steps", description = "Updates in all (${DEFAULT-VALUE}).")
    long steps;

    @Option(names = "--batch", description = "Pictures per update (${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--pictures", description = "Different pictures (${DEFAULT-VALUE}).")
    int pictures;

    @Option(names = "--lr", description = "Largest learning rate (${DEFAULT-VALUE}).")
    double rate;

    @Option(
            names = "--seed",
            description = "Seed of weights, batches and noise (${DEFAULT-VALUE}).")
    long seed = 1;

    /** Sets the defaults of a command. */
    public PretrainOptions(long steps, int batch, int pictures, double rate) {
        this.steps = steps;
        this.batch = batch;
        this.pictures = pictures;
        this.rate = rate;
    }

    /** Returns the updates in all. */
    public long steps() {
        return steps;
    }

    /** Returns the pictures of an update. */
    public int batch() {
        return batch;
    }

    /** Returns the number of different pictures. */
    public int pictures() {
        return pictures;
    }

    /** Returns the seed of weights, batches and noise. */
    public long seed() {
        return seed;
    }

    /** Returns the learning rate over the whole training. */
    public LearningRate rate(int warmUp, LearningRate.Shape shape) {
        return new LearningRate(rate, warmUp, steps, shape);
    }

    /** Returns the number of parts of a batch that are computed side by side. */
    public int shards() {
        return run.shards();
    }

    /** Returns the type that networks compute in. */
    public DType type() {
        return run.type();
    }

    /** Returns the device to compute on; sets the threads, too. */
    public Device place() {
        return run.place();
    }

    /** Returns the folder of the training. */
    public Path out() {
        return run.out();
    }

    /** Returns the folder of the finished model. */
    public Path exportFolder() {
        return out().resolve(EXPORT);
    }

    /** Returns the command's standard output. */
    public PrintWriter output() {
        return command().commandLine().getOut();
    }

    /** Returns the command's standard error. */
    public PrintWriter errors() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "picocli sets the spec");
    }

    /**
     * Takes the lock of the training's folder, which is created if it is missing.
     *
     * @param resumed true if a checkpoint is needed in it
     * @throws UserException if another training runs in the folder, or the checkpoint is missing
     */
    public FolderLock lock(boolean resumed) {
        Path checkpoint = out().resolve(TrainingLoop.CHECKPOINT);
        if (resumed && !Files.isRegularFile(checkpoint)) {
            throw new UserException("there is no checkpoint " + checkpoint + "; train first");
        }
        return FolderLock.of(out(), "training");
    }

    /**
     * Trains to the end, or only restores the checkpoint.
     *
     * @param resumeOnly true if no further step is made
     */
    public void run(Trainee training, boolean resumeOnly) {
        if (resumeOnly) {
            training.resume(out().resolve(TrainingLoop.CHECKPOINT));
        } else {
            run.run(training, errors());
        }
    }
}
