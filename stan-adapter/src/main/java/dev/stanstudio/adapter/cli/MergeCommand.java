package dev.stanstudio.adapter.cli;

import dev.stanstudio.adapter.AdapterReport;
import dev.stanstudio.adapter.lora.LoraFile;
import dev.stanstudio.adapter.merge.MergedTransformer;
import dev.stanstudio.adapter.merge.MergedWeights;
import dev.stanstudio.adapter.merge.WeightedLora;
import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter merge}: a transformer with adapters in its weights. */
@Command(
        name = "merge",
        description =
                "Add adapters to the transformer of a model and write the result as a diffusers"
                        + " transformer folder.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class MergeCommand implements Callable<Integer> {
    private static final String RECORD = "merged_adapters";

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "ADAPTER[=WEIGHT]",
            arity = "1..*",
            description = "LoRA folders or files; the weight is 1 unless given.")
    private List<String> adapters;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "A model in diffusers' layout.")
    private Path model;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The transformer folder to write; it must not exist yet.")
    private Path out;

    @Override
    public Integer call() {
        Path config = model.resolve("transformer").resolve("config.json");
        if (!Files.isRegularFile(config)) {
            throw new ArgumentException(
                    "--model "
                            + model
                            + " has no transformer/config.json; name a diffusers folder");
        }
        List<AdapterUse> arguments = adapters.stream().map(AdapterUse::parse).toList();
        List<LoraFile> files = new ArrayList<>();
        try (ModelSource source = ModelSource.open(model, null, null)) {
            arguments.forEach(argument -> files.add(LoraFile.open(argument.toPath())));
            merge(source, config, arguments, files);
        } finally {
            files.forEach(LoraFile::close);
        }
        return ExitCodes.DONE;
    }

    private void merge(
            ModelSource source, Path config, List<AdapterUse> arguments, List<LoraFile> files) {
        List<WeightedLora> weighted = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            weighted.add(new WeightedLora(files.get(i).adapter(), arguments.get(i).weight()));
        }
        MergedWeights merged =
                MergedWeights.of(source.transformerConfig(), source.transformer(), weighted);
        PrintWriter err = spec.commandLine().getErr();
        merged.reports().forEach(report -> warn(err, report));
        files.forEach(file -> warn(err, file));
        err.flush();
        MergedTransformer.write(out, config, merged, Map.of(RECORD, origins(weighted, files)));
        tell(spec.commandLine().getOut(), merged.reports());
    }

    private void tell(PrintWriter stdout, List<AdapterReport> reports) {
        for (AdapterReport report : reports) {
            stdout.println(report.adapter() + ": modules merged: " + report.matched().size());
        }
        stdout.println(out);
        stdout.flush();
    }

    private static void warn(PrintWriter err, AdapterReport report) {
        int left = report.total() - report.matched().size();
        if (left > 0) {
            err.println(
                    "studio: warning: "
                            + report.adapter()
                            + ": "
                            + left
                            + " of "
                            + report.total()
                            + " modules do not fit the model and are left out ('studio adapter"
                            + " inspect --model' names them)");
        }
    }

    private static void warn(PrintWriter err, LoraFile file) {
        file.textEncoders()
                .forEach(
                        (encoder, modules) ->
                                err.println(
                                        "studio: warning: "
                                                + file.adapter().name()
                                                + ": "
                                                + modules.size()
                                                + " modules of "
                                                + encoder
                                                + " are left out; only the transformer is merged"));
    }

    /** What went into the file, so that its pictures can be traced. */
    private static String origins(List<WeightedLora> weighted, List<LoraFile> files) {
        return IntStream.range(0, files.size())
                .mapToObj(i -> files.get(i).sha256() + "=" + weighted.get(i).weight())
                .collect(Collectors.joining(" "));
    }
}
