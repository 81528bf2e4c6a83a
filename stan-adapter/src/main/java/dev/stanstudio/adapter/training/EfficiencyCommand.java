package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.KindOptions;
import dev.stanstudio.adapter.kind.KindSizes;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Implements {@code studio adapter experiment efficiency}: tables 10 and 11 of the paper. */
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

    @Mixin private BenchOptions bench;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "28",
            description = "Steps of a picture, for pictures per second (${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--training-steps",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Steps of a training, for its hours (${DEFAULT-VALUE}, as in table 14).")
    private long trainingSteps;

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
        DeviceOptions.threads(bench.threads);
        if (steps < 1 || trainingSteps < 1) {
            throw new ArgumentException(
                    "--steps and --training-steps must be at least 1, not %d and %d"
                            .formatted(steps, trainingSteps));
        }
        if (checkpointing && !training) {
            throw new ArgumentException("--checkpointing goes with --training");
        }
        MmditConfig config = bench.config();
        BenchSettings settings = bench.settings();
        PrintWriter out = spec.commandLine().getOut();
        if (paced) {
            pace(config, settings, out);
            return ExitCodes.DONE;
        }
        EfficiencyReport report =
                new EfficiencyReport(measure(config, settings), training, settings);
        if (json) {
            String name = bench.model == null ? bench.shape : bench.model;
            out.println(report.json(config, name, checkpointing, steps, trainingSteps));
        } else {
            report.print(out);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    private List<Efficiency.Row> measure(MmditConfig config, BenchSettings settings) {
        TargetSelection selection = TargetSelection.DEFAULT;
        if (training) {
            return Efficiency.measureTraining(
                    config, settings, kinds(), selection, checkpointing, trainingSteps);
        }
        List<Efficiency.Row> rows = Efficiency.measure(config, settings, kinds(), selection, steps);
        if (bench.model == null) {
            return rows;
        }
        Map<String, RandomAdapter> adapters = new LinkedHashMap<>();
        kinds().forEach(
                        (name, kind) ->
                                adapters.put(
                                        name, new RandomAdapter(kind, selection.select(config))));
        Map<String, Double> latencies =
                PictureBench.run(bench.load(bench.model), settings, adapters, steps);
        return rows.stream().map(row -> row.withLatency(latencies.get(row.variant()))).toList();
    }

    private void pace(MmditConfig config, BenchSettings settings, PrintWriter out) {
        Map<String, AdapterKind> kinds = kinds();
        if (!training || kinds.size() != 1) {
            throw new ArgumentException("--paced goes with --training and --kinds of one kind");
        }
        String name = kinds.keySet().iterator().next();
        try (TrainingBench trained = new TrainingBench(config, settings, checkpointing)) {
            trained.add(name, kinds.values().iterator().next(), TargetSelection.DEFAULT);
            for (int i = 0; i < bench.warmUp; i++) {
                trained.step(name);
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            out.println("ready");
            out.flush();
            while (in.readLine() != null) {
                out.println(Json.SNAKE_CASE.valueToTree(trained.step(name)));
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
}
