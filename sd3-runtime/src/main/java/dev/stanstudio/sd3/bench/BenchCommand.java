package dev.stanstudio.sd3.bench;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code studio bench}: times a denoising step, or writes a model of random weights. */
@Command(
        name = "bench",
        description = "Time a denoising step, as JSON; or write a model of random weights.")
public final class BenchCommand implements StudioCommand {
    @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

    @Option(
            names = "--model-shape",
            paramLabel = "NAME",
            description = "sd3-medium, sd3.5-medium or sd3.5-large with random weights.")
    @Nullable String shape;

    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "Time the transformer of this model.")
    @Nullable Path model;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Blocks of the shape; all by default.")
    @Nullable Integer layers;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "512",
            description = "Side of the picture (default: ${DEFAULT-VALUE}).")
    int side;

    @Option(
            names = "--text-tokens",
            paramLabel = "M",
            defaultValue = "333",
            description = "Text tokens (default: ${DEFAULT-VALUE}).")
    int textTokens;

    @Option(
            names = "--last-repeats",
            paramLabel = "R",
            defaultValue = "1",
            description =
                    "Equal tokens that the last text token stands for; 256 with 78 text tokens is"
                            + " a generation without T5 (default: ${DEFAULT-VALUE}).")
    int lastRepeats;

    @Option(
            names = "--steps",
            paramLabel = "K",
            defaultValue = "5",
            description = "Steps to time (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "K",
            defaultValue = "2",
            description = "Steps before those (default: ${DEFAULT-VALUE}).")
    int warmUp;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
    String device = "cpu";

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "fp32",
            description = "fp32, fp16 or bf16 (default: ${DEFAULT-VALUE}).")
    String dtype = "fp32";

    @Option(
            names = "--threads",
            paramLabel = "T",
            description = "Threads of one operation; libtorch's choice by default.")
    @Nullable Integer threads;

    @Option(
            names = "--paced",
            description =
                    "Run one step for each line on standard input and answer with its times, for"
                            + " interleaved comparisons.")
    boolean paced;

    @Option(
            names = "--write-model",
            paramLabel = "DIR",
            description = "Write a diffusers folder of --model-shape with random weights.")
    @Nullable Path writeModel;

    @Option(
            names = "--tokenizers",
            paramLabel = "DIR",
            description = "Model folder whose tokenizers --write-model copies.")
    @Nullable Path tokenizers;

    @Option(names = "--with-t5", description = "Let --write-model write T5-XXL too (9.5 GB).")
    boolean withT5;

    @Override
    public Integer call() {
        if ((shape == null) == (model == null)) {
            throw new ArgumentException("give either --model-shape or --model");
        }
        Placement placement = placement();
        DeviceOptions.threads(threads);
        return writeModel == null ? time(placement) : write(writeModel, placement);
    }

    private Placement placement() {
        return new Placement(DeviceOptions.device(device), DeviceOptions.type(dtype));
    }

    private MmditConfig config(String name) {
        ModelShape published = ModelShape.of(name);
        int count = layers == null ? published.depth() : layers;
        if (count < 1 || count > published.depth()) {
            throw new ArgumentException(
                    "--layers must be 1 … " + published.depth() + ", not " + count);
        }
        return published.config(count);
    }

    private int write(Path folder, Placement placement) {
        if (shape == null || tokenizers == null) {
            throw new ArgumentException("--write-model needs --model-shape and --tokenizers");
        }
        BenchRun.writeModel(folder, config(shape), placement.dtype(), tokenizers, withT5);
        return ExitCodes.DONE;
    }

    private int time(Placement placement) {
        BenchSettings settings =
                new BenchSettings(placement, side, textTokens, lastRepeats, steps, warmUp);
        PrintWriter out = out();
        BufferedReader pace =
                paced
                        ? new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        : null;
        if (model != null) {
            out.println(BenchRun.model(model, settings, pace, out));
        } else if (shape != null) {
            out.println(BenchRun.shape(shape, config(shape), settings, pace, out));
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("bench runs under picocli");
        }
        return spec.commandLine().getOut();
    }
}
