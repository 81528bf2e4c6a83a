package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.ModelShape;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which network is timed, on what and how often. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchOptions {
    private static final int SIDE = 512;

    @Option(
            names = "--model-shape",
            paramLabel = "NAME",
            defaultValue = "sd3-medium",
            description = "sd3-medium, sd3.5-medium or sd3.5-large (default: ${DEFAULT-VALUE}).")
    String shape;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "A model in the place of a shape; whole pictures are timed too, from the"
                            + " prompt to the pixels.")
    @Nullable String model;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Blocks of the shape (default: all).")
    private @Nullable Integer layers;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "Side of the picture (default: 512, or the model's).")
    private @Nullable Integer side;

    @Option(
            names = "--text-tokens",
            paramLabel = "M",
            defaultValue = "333",
            description = "Text tokens (default: ${DEFAULT-VALUE}).")
    int textTokens;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Steps of each variant (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "2",
            description = "Rounds before those (default: ${DEFAULT-VALUE}).")
    int warmUp;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "fp32",
            description = "fp32, fp16 or bf16 (default: ${DEFAULT-VALUE}).")
    private String dtype;

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Threads of one operation; libtorch's choice by default.")
    @Nullable Integer threads;

    /** Returns the network's shape. */
    MmditConfig config() {
        if (model != null) {
            if (layers != null) {
                throw new ArgumentException("--layers goes with --model-shape, not with --model");
            }
            try (ModelSource source = source(model)) {
                return source.transformerConfig();
            }
        }
        ModelShape published = ModelShape.of(shape);
        int count = layers == null ? published.depth() : layers;
        if (count < 1 || count > published.depth()) {
            throw new ArgumentException(
                    "--layers must be 1 … " + published.depth() + ", not " + count);
        }
        return published.config(count);
    }

    private static ModelSource source(String model) {
        return ModelSource.open(new ModelFinder().find(model), null, null);
    }

    /** Returns the side of the picture in pixels. */
    int side() {
        if (side == null && model != null) {
            try (ModelSource source = source(model)) {
                return source.defaults().width();
            }
        }
        return Objects.requireNonNullElse(side, SIDE);
    }

    Placement placement() {
        return new Placement(DeviceOptions.device(device), DeviceOptions.type(dtype));
    }

    BenchSettings settings() {
        return new BenchSettings(placement(), side(), textTokens, 1, rounds, warmUp);
    }

    /** Loads the model that whole pictures are made with; close it. */
    Sd3Model load(String named) {
        Placement placement = placement();
        return Sd3Model.load(
                source(named),
                new LoadOptions(placement.device(), placement.dtype(), Offload.NONE, true));
    }
}
