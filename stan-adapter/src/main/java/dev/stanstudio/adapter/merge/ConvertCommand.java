package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Inspection;
import dev.stanstudio.adapter.file.InspectionText;
import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraSource;
import dev.stanstudio.adapter.file.Warnings;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter convert}: a LoRA in the format of another program. */
@Command(
        name = "convert",
        description =
                "Write a LoRA of PEFT, diffusers, kohya or ComfyUI as another of these programs"
                        + " reads it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ConvertCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "A LoRA folder or file.")
    private Path in;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FORMAT",
            description =
                    "peft, diffusers, kohya (for ComfyUI too), or folder: PEFT's format with a"
                            + " record that binds it to --model.")
    private String format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder to write; it must not exist yet.")
    private Path out;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Compare its modules with this model (name, folder or single file).")
    private @Nullable String model;

    @Option(names = "--json", description = "Print everything about the result as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        Conversion.Format to = Conversion.Format.of(format);
        try (ModelSource source = model == null ? null : source(model)) {
            Optional<AdapterReport> report = report(source);
            Conversion.write(in, to, out, source);
            printReport(report, to);
        }
        return ExitCodes.DONE;
    }

    private static ModelSource source(String model) {
        return ModelSource.open(found(model), null, null);
    }

    private static Path found(String model) {
        return new ModelFinder().find(model);
    }

    /** Compared before anything is written: an adapter that fits nothing is the wrong one. */
    private Optional<AdapterReport> report(@Nullable ModelSource source) {
        if (source == null || AdapterFile.isOwn(in)) {
            return Optional.empty();
        }
        try (LoraFile file = LoraFile.open(in)) {
            return Optional.of(file.adapter().match(TargetModules.of(source)).requireMatch());
        }
    }

    private void printReport(Optional<AdapterReport> report, Conversion.Format to) {
        PrintWriter stdout = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LoraFile before = LoraFile.open(in);
                LoraFile after = LoraFile.open(out)) {
            Warnings.leftOut(err, LoraSource.of(before));
            Warnings.print(err, Conversion.lost(before, to));
            Inspection inspection =
                    Inspection.of(
                            after,
                            report.map(
                                    found ->
                                            Inspection.Match.of(
                                                    found(Objects.requireNonNull(model)), found)));
            stdout.println(json ? inspection.json() : InspectionText.of(inspection));
        }
        stdout.flush();
    }
}
