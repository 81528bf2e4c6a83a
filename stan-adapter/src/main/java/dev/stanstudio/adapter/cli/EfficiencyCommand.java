package dev.stanstudio.adapter.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.experiment.Efficiency;
import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.targets.TargetSelection;
import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.ProgramVersion;
import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.engine.Compute;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.ModelShape;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
                        + " random weights, one after the other in every round.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class EfficiencyCommand implements Callable<Integer> {
    private static final int BUDGET_STEPS = 1;

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
            description = "Features that a token keeps (default: ${DEFAULT-VALUE}).")
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

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Compute.threads(threads);
        if (steps < 1) {
            throw new ArgumentException("--steps must be at least 1, not " + steps);
        }
        Placement placement = placement();
        MmditConfig config = config();
        List<Efficiency.Row> rows =
                Efficiency.measure(
                        config,
                        new BenchSettings(placement, side, textTokens, 1, rounds, warmUp),
                        kinds(),
                        TargetSelection.DEFAULT,
                        steps);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(config, placement, rows));
        } else {
            print(out, rows);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private Map<String, AdapterKind> kinds() {
        Map<String, AdapterKind> kinds = new LinkedHashMap<>();
        kinds.put(Stan.LABEL, Stan.of(features, k));
        kinds.put(Lora.LABEL, Lora.of(rank, rank));
        // A trained AdaLoRA still computes with all ranks it began with.
        kinds.put(
                AdaLora.LABEL,
                new AdaLora(
                        rank + (rank + 1) / 2,
                        rank,
                        rank,
                        new AdaLora.Schedule(0, 0, BUDGET_STEPS),
                        0.85,
                        0.85,
                        0.5));
        kinds.put(Sora.LABEL, new Sora(rank, rank, 0.1));
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
        return new Placement(Compute.device(device), Compute.type(dtype));
    }

    private String asJson(MmditConfig config, Placement placement, List<Efficiency.Row> rows) {
        ObjectMapper mapper =
                JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build();
        ObjectNode node = mapper.createObjectNode();
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
        node.set("variants", mapper.valueToTree(rows));
        node.put("program", ProgramVersion.current());
        node.put("libtorch", Torch.version());
        return node.toPrettyString();
    }

    private static void print(PrintWriter out, List<Efficiency.Row> rows) {
        out.printf(
                Locale.ROOT,
                "%-10s %13s %12s %10s %22s %7s %9s %9s%n",
                "",
                "parameters",
                "per module",
                "step ms",
                "against none",
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
