package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.TrainingPlan;
import dev.stanstudio.training.ProcessMemory;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Declares the options that say how the frozen model is held in memory. */
final class BaseOptions {
    private static final double GIB = 1L << 30;

    @Option(
            names = "--checkpointing",
            description = "Keep one block in memory at a time and compute the others twice.")
    boolean checkpointing;

    @Option(
            names = "--quantize",
            paramLabel = "FORM",
            description =
                    "none, int8 or fp8: how the matrices of the frozen transformer and of T5 stay"
                            + " in memory, with --checkpointing (${DEFAULT-VALUE}).")
    String quantize = Quantization.NONE.label();

    @Option(
            names = "--offload",
            paramLabel = "WHAT",
            description =
                    "none, or blocks: layers are read at each use, with --checkpointing"
                            + " (${DEFAULT-VALUE}; text encoders leave in any case).")
    String offload = Offload.NONE.label();

    /** Returns one line about the memory that a training needs. */
    String need(ModelSource source, TrainingPlan plan, int devices) {
        long need = MemoryNeed.of(source).training(plan.onEachOf(devices));
        double gib = (need + keptFree(plan)) / GIB;
        String where = devices == 1 ? "" : " on each of " + devices + " devices";
        return String.format(Locale.ROOT, "needs about %.1f GiB of memory%s", gib, where);
    }

    /**
     * Blocks that come and go leave holes in the memory of a process, which the C library keeps; a
     * card has none of it.
     */
    private static long keptFree(TrainingPlan plan) {
        return plan.checkpointing() && !plan.load().device().isCuda()
                ? ProcessMemory.keptFree(System.getenv())
                : 0;
    }

    /**
     * Returns the options of loading the model.
     *
     * @throws ArgumentException for choices that do not go together
     */
    LoadOptions load(Device device, DType type, boolean useT5) {
        LoadOptions load =
                new LoadOptions(
                        device, type, Offload.of(offload), useT5, Quantization.of(quantize));
        if (FrozenTransformer.streams(load) && !checkpointing) {
            throw new ArgumentException(
                    "%s saves nothing while all blocks are recorded; add --checkpointing"
                            .formatted(
                                    load.quantization().small()
                                            ? "--quantize " + quantize
                                            : "--offload " + offload));
        }
        return load;
    }
}
