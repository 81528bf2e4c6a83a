package dev.stanstudio.sd3.generate;

import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which model to load and how to hold it. */
public final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Folder, .safetensors or .gguf file, or a name that 'studio doctor' lists"
                            + " (default: sd3-nano, which comes with the program).")
    @Nullable String model;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description = "Variant of the weights, such as fp16, where the folder has it.")
    @Nullable String variant;

    @Option(
            names = "--companion",
            paramLabel = "DIR",
            description = "For a single file: a diffusers folder with its tokenizers.")
    @Nullable String companion;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "cpu, cuda or cuda:N (default: a CUDA card if there is one); grid takes"
                            + " several, with commas.")
    @Nullable String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "fp32, fp16 or bf16 (default: fp32 on the CPU, bf16 on a card).")
    @Nullable String dtype;

    @Option(
            names = "--offload",
            paramLabel = "WHAT",
            defaultValue = "none",
            description = "none, encoders or blocks: what leaves memory while it is not used.")
    String offload = "none";

    @Option(
            names = "--quantize",
            paramLabel = "FORM",
            description =
                    "none, int8 or fp8: how the matrices of transformer and T5 stay in memory"
                            + " (default: none).")
    @Nullable String quantize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the tensor engine (default: one per core).")
    @Nullable Integer threads;

    /** Returns the model's path. */
    Path path(@Nullable String fallback) {
        return new ModelFinder().findOrBuiltIn(model == null ? fallback : model);
    }

    /**
     * The model's files.
     *
     * @param fallback path or name where the options name none; null for the built-in model
     */
    public ModelSource source(@Nullable String fallback) {
        return ModelSource.open(
                path(fallback), variant, companion == null ? null : Path.of(companion));
    }

    /** Returns device, type, offload and quantisation of the model; sets the threads too. */
    public LoadOptions load(boolean useT5) {
        return load(useT5, null);
    }

    /**
     * As {@link #load(boolean)}, with type and quantisation of {@code recorded} where the options
     * name none.
     */
    LoadOptions load(boolean useT5, Provenance.@Nullable EngineIdentity recorded) {
        return load(useT5, recorded, device);
    }

    /** As {@link #load(boolean)}, once for each of the devices, which a comma separates. */
    public List<LoadOptions> loads(boolean useT5) {
        return DeviceOptions.names(device).stream().map(name -> load(useT5, null, name)).toList();
    }

    private LoadOptions load(
            boolean useT5,
            Provenance.@Nullable EngineIdentity recorded,
            @Nullable String deviceName) {
        DeviceOptions.threads(threads);
        Device place = DeviceOptions.device(deviceName);
        String named = dtype == null && recorded != null ? recorded.dtype() : dtype;
        return new LoadOptions(
                place,
                DeviceOptions.type(named, place),
                Offload.of(offload),
                useT5,
                quantization(recorded));
    }

    private Quantization quantization(Provenance.@Nullable EngineIdentity recorded) {
        String named = quantize == null && recorded != null ? recorded.quantize() : quantize;
        return named == null ? Quantization.NONE : Quantization.of(named);
    }
}
