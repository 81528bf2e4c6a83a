package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Warnings;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.text.TextTower;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter merge}: adapters in a transformer's weights, or several as one. */
@Command(
        name = "merge",
        description = {
            "With --model, add adapters to the weights of a model and write the transformer as a"
                    + " diffusers folder, or where text encoders are changed too a folder for each."
                    + " Without it, write several adapters as one:"
                    + " STANs feature beside feature, LoRAs rank beside rank, sparse masks merged."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class MergeCommand implements StudioCommand {
    private static final String RECORD = "merged_adapters";
    private static final String NOT_APPLIED = "not_applied";

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "ADAPTER[=WEIGHT]",
            arity = "1..*",
            description = "Adapter folders or LoRA files; the weight is 1 unless given.")
    private List<String> adapters;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "A model in diffusers' layout (name or folder), to whose weights the adapters"
                            + " are added.")
    private @Nullable String model;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "task-arithmetic",
            description =
                    "task-arithmetic (the sum), mean, overlap-mean or ties (default:"
                            + " ${DEFAULT-VALUE}).")
    private String method;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "Factor of the merged change (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(
            names = "--density",
            paramLabel = "X",
            defaultValue = "0.2",
            description = "ties: share of each change that is kept (default: ${DEFAULT-VALUE}).")
    private double density;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description = "Without --model: the nearest LoRA of this rank, by singular values.")
    private @Nullable Integer rank;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder to write; it must not exist yet.")
    private Path out;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        MergeMethod merging = new MergeMethod(MergeMethod.Rule.of(method), scale, density);
        List<WeightedAdapter> arguments =
                adapters.stream()
                        .map(WeightedAdapter::parse)
                        .map(WeightedAdapter::withoutBlocks)
                        .toList();
        Path folder = model == null ? null : new ModelFinder().find(model);
        Path config = folder == null ? null : config(folder);
        List<AdapterFile> files = new ArrayList<>();
        try {
            arguments.forEach(argument -> files.add(AdapterFile.open(argument.toPath())));
            if (folder == null || config == null) {
                PrintWriter err = spec.commandLine().getErr();
                files.forEach(file -> Warnings.leftOut(err, file));
                List<Double> weights = arguments.stream().map(WeightedAdapter::weight).toList();
                new MergedAdapter(files, weights, merging).write(out, rank);
                printReports(List.of());
            } else {
                intoModel(folder, config, experts(arguments, files), files, merging);
            }
        } finally {
            files.forEach(AdapterFile::close);
        }
        return ExitCodes.DONE;
    }

    private Path config(Path folder) {
        if (rank != null) {
            throw new ArgumentException("--rank makes an adapter and --model a model; give one");
        }
        Path config = folder.resolve("transformer").resolve("config.json");
        if (!Files.isRegularFile(config)) {
            throw new ArgumentException(
                    "--model "
                            + folder
                            + " has no transformer/config.json; name a diffusers folder");
        }
        return config;
    }

    private static List<Expert> experts(List<WeightedAdapter> arguments, List<AdapterFile> files) {
        return IntStream.range(0, files.size())
                .mapToObj(i -> new Expert(files.get(i), arguments.get(i).weight()))
                .toList();
    }

    private void intoModel(
            Path folder,
            Path config,
            List<Expert> experts,
            List<AdapterFile> files,
            MergeMethod merging) {
        try (ModelSource source = ModelSource.open(folder, null, null)) {
            MergedWeights merged = MergedWeights.of(source, experts, merging);
            requireBase(source, files);
            List<String> warnings =
                    merged.reports().stream().flatMap(r -> r.warnings().stream()).toList();
            Warnings.print(spec.commandLine().getErr(), warnings);
            write(folder, config, merged, record(experts, warnings));
            printReports(merged.reports());
        }
    }

    private void write(Path folder, Path config, MergedWeights merged, Map<String, String> record) {
        if (merged.changedTowers().isEmpty()) {
            MergedTransformer.write(out, config, merged.transformer(), record);
            return;
        }
        List<MergedTransformer.Component> components = new ArrayList<>();
        components.add(new MergedTransformer.Component("transformer", merged.transformer()));
        for (TextTower tower : merged.changedTowers()) {
            components.add(
                    new MergedTransformer.Component(
                            tower.component(), merged.part(tower.prefix())));
        }
        MergedTransformer.write(out, folder, components, record);
    }

    /** Adapters that say which weights they were trained on are added to no others. */
    private static void requireBase(ModelSource source, List<AdapterFile> files) {
        if (files.stream().anyMatch(file -> file.record().isPresent())) {
            String fingerprint = source.fingerprint();
            Map<String, long[]> modules = TargetModules.of(source);
            files.forEach(file -> file.match(modules, fingerprint, source.extended()));
        }
    }

    private void printReports(List<AdapterReport> reports) {
        PrintWriter stdout = spec.commandLine().getOut();
        for (AdapterReport report : reports) {
            stdout.println(report.adapter() + ": modules merged: " + report.matched().size());
        }
        stdout.println(out);
        stdout.flush();
    }

    private static Map<String, String> record(List<Expert> experts, List<String> warnings) {
        return warnings.isEmpty()
                ? Map.of(RECORD, origins(experts))
                : Map.of(RECORD, origins(experts), NOT_APPLIED, String.join("; ", warnings));
    }

    /** Lists the merged adapters, so that pictures can be traced. */
    private static String origins(List<Expert> experts) {
        return experts.stream()
                .map(expert -> expert.source().sha256() + "=" + expert.weight())
                .collect(Collectors.joining(" "));
    }
}
