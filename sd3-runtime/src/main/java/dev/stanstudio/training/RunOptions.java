package dev.stanstudio.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.engine.Processor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all trainings share: folder, device, type, threads and intervals. */
public final class RunOptions {
    private static final int SHARDS = 2;
    private static final int LOG_EVERY = 50;
    private static final int VALIDATE_EVERY = 1000;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the training; one that was interrupted there goes on.")
    Path out = Path.of(".");

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "cpu, cuda or cuda:N, of an adapter several with commas (default: a CUDA card"
                            + " if there is one).")
    @Nullable String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "What the networks compute in: fp32, fp16 or bf16 (default: bf16; fp32 on a"
                            + " processor that is slow at it).")
    @Nullable String dtype;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description =
                    "Parts of a batch computed side by side, a thread each (2, or one for each"
                            + " device).")
    @Nullable Integer shards;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads inside each operation (default: the cores over the shards).")
    @Nullable Integer threads;

    @Option(
            names = "--log-every",
            paramLabel = "N",
            description = "Steps between lines of the log (default: 50, adapters 10).")
    @Nullable Integer logEvery;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description =
                    "Steps between validations with samples (default: 1000, adapters by preset).")
    @Nullable Integer validateEvery;

    @Option(
            names = "--save-seconds",
            paramLabel = "N",
            description = "Seconds between checkpoints (${DEFAULT-VALUE}).")
    int saveSeconds = 120;

    /** The folder of the training. */
    public Path out() {
        return out;
    }

    /** Number of shards of a batch that are computed at the same time. */
    public int shards() {
        return shards == null ? Math.max(SHARDS, DeviceOptions.names(device).size()) : shards;
    }

    /** Returns the device to compute on; sets the threads too. */
    public Device place() {
        setThreads();
        return DeviceOptions.device(device);
    }

    /** Returns the devices to compute on, at least one; sets the threads too. */
    public List<Device> places() {
        setThreads();
        return devices();
    }

    private List<Device> devices() {
        return DeviceOptions.names(device).stream().map(DeviceOptions::device).toList();
    }

    private void setThreads() {
        int cores = Runtime.getRuntime().availableProcessors();
        int wanted = threads == null ? Math.max(1, cores / Math.max(1, shards())) : threads;
        DeviceOptions.threads(wanted);
    }

    /** The type that networks compute in. */
    public DType type() {
        if (dtype != null) {
            return DeviceOptions.type(dtype);
        }
        boolean slow = devices().stream().anyMatch(d -> Processor.widens(d, DType.BF16));
        return slow ? DType.FP32 : DType.BF16;
    }

    /** Runs {@code trainee} to its end and prints its progress to {@code err}. */
    public void run(Trainee trainee, PrintWriter err) {
        run(trainee, err, LOG_EVERY, VALIDATE_EVERY);
    }

    /**
     * As {@link #run(Trainee, PrintWriter)}.
     *
     * @param log steps between lines of the log where no option says otherwise
     * @param validate steps between validations where no option says otherwise
     */
    public void run(Trainee trainee, PrintWriter err, int log, int validate) {
        TrainingLoop.Rhythm rhythm =
                new TrainingLoop.Rhythm(
                        logEvery == null ? log : logEvery,
                        validateEvery == null ? validate : validateEvery,
                        saveSeconds);
        try {
            new TrainingLoop(out, rhythm, new TrainingView(err)).run(trainee);
        } catch (CancellationException e) {
            // The program reports only the interruption; this adds that nothing is lost.
            err.println(e.getMessage());
            err.flush();
            throw e;
        }
    }
}
