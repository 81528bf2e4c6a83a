package dev.stanstudio.adapter.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.KindOptions;
import dev.stanstudio.adapter.kind.KindSizes;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.ModelShape;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio adapter experiment efficiency}: tables 10 and 11 of the STAN paper. */
@Command(
        name = "efficiency",
        description =
                "Time a denoising step without adapters and with STAN, LoRA, AdaLoRA and SoRA of"
                        + " random weights, or a step of training them, one after the other in"
                        + " every round.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class EfficiencyCommand implements StudioCommand {
    /** A budget of ranks that never settles: a trained AdaLoRA computes with all ranks as well. */
    private static final long ONE_STEP = 1;

    @Spec private CommandSpec spec;

    @Option(
            names = "--model-shape",
            paramLabel = "NAME",
            defaultValue = "sd3-medium",
            description = "sd3-medium, sd3.5-medium or sd3.5-large (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Blocks of the shape (default: all).")
    private @Nullable Integer layers;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            defaultValue = "512",
            description = "Side of the picture (default: ${DEFAULT-VALUE}).")
    private int side;

    @Option(
            names = "--text-tokens",
            paramLabel = "M",
            defaultValue = "333",
            description = "Text tokens (default: ${DEFAULT-VALUE}).")
    private int textTokens;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Steps of each variant (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "2",
            description = "Rounds before those (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "28",
            description = "Steps of a picture, for pictures per second (${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--features",
            paramLabel = "L",
            defaultValue = "512",
            description = "STAN's features (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "96",
            description = "Active features of a token (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "32",
            description = "Rank of the low-rank kinds (default: ${DEFAULT-VALUE}).")
    private int rank;

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
    private @Nullable Integer threads;

    @Option(
            names = "--training",
            description = "Time steps of training on one picture; ratios are against LoRA.")
    private boolean training;

    @Option(
            names = "--checkpointing",
            description = "Train in less memory: blocks are computed once more on the way back.")
    private boolean checkpointing;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Some of stan, lora, adalora and sora (default: all).")
    private List<String> chosen = List.of();

    @Option(
            names = "--paced",
            description =
                    "With --training and one kind: make a step for each line of standard input and"
                            + " print its times as JSON.")
    private boolean paced;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "adapter experiment";
    }

    @Override
    public Integer call() {
        DeviceOptions.threads(threads);
        if (steps < 1) {
            throw new ArgumentException("--steps must be at least 1, not " + steps);
        }
        Placement placement = placement();
        MmditConfig config = config();
        BenchSettings settings = new BenchSettings(placement, side, textTokens, 1, rounds, warmUp);
        if (checkpointing && !training) {
            throw new ArgumentException("--checkpointing goes with --training");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (paced) {
            pace(config, settings, out);
            return ExitCodes.DONE;
        }
        List<Efficiency.Row> rows = measure(config, settings);
        if (json) {
            out.println(asJson(config, placement, rows));
        } else {
            print(out, rows);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private List<Efficiency.Row> measure(MmditConfig config, BenchSettings settings) {
        TargetSelection selection = TargetSelection.DEFAULT;
        return training
                ? Efficiency.measureTraining(config, settings, kinds(), selection, checkpointing)
                : Efficiency.measure(config, settings, kinds(), selection, steps);
    }

    private void pace(MmditConfig config, BenchSettings settings, PrintWriter out) {
        Map<String, AdapterKind> kinds = kinds();
        if (!training || kinds.size() != 1) {
            throw new ArgumentException("--paced goes with --training and --kinds of one kind");
        }
        String name = kinds.keySet().iterator().next();
        try (TrainingBench bench = new TrainingBench(config, settings, checkpointing)) {
            bench.add(name, kinds.values().iterator().next(), TargetSelection.DEFAULT);
            for (int i = 0; i < warmUp; i++) {
                bench.step(name);
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            out.println("ready");
            out.flush();
            while (in.readLine() != null) {
                out.println(Json.SNAKE_CASE.valueToTree(bench.step(name)));
                out.flush();
            }
        } catch (IOException e) {
            throw new UserException("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the chosen kinds; in training the one that the others are compared with is first. */
    private Map<String, AdapterKind> kinds() {
        Map<String, AdapterKind> all = all();
        List<String> names = new ArrayList<>(chosen.isEmpty() ? all.keySet() : chosen);
        if (training && names.remove(KindName.BASELINE.label())) {
            names.add(0, KindName.BASELINE.label());
        }
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        for (String name : names) {
            AdapterKind kind = all.get(name);
            if (kind == null) {
                throw new ArgumentException(
                        "--kinds are of " + String.join(", ", all.keySet()) + ", not " + name);
            }
            kinds.put(name, kind);
        }
        return kinds;
    }

    private Map<String, AdapterKind> all() {
        KindSizes sizes = new KindSizes(features, k, rank, null);
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        for (KindName name : KindName.values()) {
            if (name.factored()) {
                kinds.put(name.label(), name.create(new KindOptions(), sizes, ONE_STEP));
            }
        }
        return kinds;
    }

    private MmditConfig config() {
        ModelShape published = ModelShape.of(shape);
        int count = layers == null ? published.depth() : layers;
        if (count < 1 || count > published.depth()) {
            throw new ArgumentException(
                    "--layers must be 1 … " + published.depth() + ", not " + count);
        }
        return published.config(count);
    }

    private Placement placement() {
        return new Placement(DeviceOptions.device(device), DeviceOptions.type(dtype));
    }

    private String asJson(MmditConfig config, Placement placement, List<Efficiency.Row> rows) {
        ObjectNode node = Json.SNAKE_CASE.createObjectNode();
        node.put("step", training ? "training" : "denoising");
        node.put("checkpointing", checkpointing);
        node.put("model_shape", shape);
        node.put("layers", config.numLayers());
        node.put("width", config.width());
        node.put("size", side);
        node.put("text_tokens", textTokens);
        node.put("rounds", rounds);
        node.put("steps", steps);
        node.put("device", placement.device().toString());
        node.put("dtype", placement.dtype().label());
        node.put("threads", Torch.threads());
        node.set("variants", Json.SNAKE_CASE.valueToTree(rows));
        node.put("program", ProgramVersion.current());
        node.put("libtorch", Torch.version());
        return node.toPrettyString();
    }

    private void print(PrintWriter out, List<Efficiency.Row> rows) {
        out.printf(
                Locale.ROOT,
                "%-10s %13s %12s %10s %22s %7s %9s %9s%n",
                "",
                "parameters",
                "per module",
                "step ms",
                training ? "against lora" : "against none",
                "by CPU",
                "images/s",
                "peak MB");
        for (Efficiency.Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    "%-10s %,13d %,12d %10.1f %8.3f (%5.3f–%5.3f) %7.3f %9.4f %9s%n",
                    row.variant(),
                    row.parameters(),
                    row.parametersPerModule(),
                    row.stepMs(),
                    row.ratio(),
                    row.ratioMin(),
                    row.ratioMax(),
                    row.cpuRatio(),
                    row.imagesPerSecond(),
                    row.peakMb() < 0 ? "unknown" : Long.toString(row.peakMb()));
        }
    }
}
