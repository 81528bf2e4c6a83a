package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter inspect}: what an adapter file holds, and whether it fits a model. */
@Command(name = "inspect", description = "Say what an adapter file holds.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class InspectCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description =
                    "An adapter of this program, or a LoRA: a PEFT folder, a folder with one"
                            + " safetensors file, or such a file (diffusers or kohya).")
    private Path path;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Compare its modules with this model (name, folder or single file).")
    private @Nullable String model;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Inspection inspection = AdapterFile.isOwn(path) ? own() : lora();
        out.println(json ? inspection.json() : InspectionText.of(inspection));
        out.flush();
        return ExitCodes.DONE;
    }

    private Inspection lora() {
        try (LoraFile file = LoraFile.open(path)) {
            return Inspection.of(file, report(modules -> LoraSource.of(file).match(modules)));
        }
    }

    private Inspection own() {
        try (AdapterFile file = AdapterFile.open(path)) {
            return Inspection.of(path, file, report(modules -> file.match(modules)));
        }
    }

    private Optional<Inspection.Match> report(Function<Map<String, long[]>, AdapterReport> match) {
        if (model == null) {
            return Optional.empty();
        }
        Path found = new ModelFinder().find(model);
        try (ModelSource source = ModelSource.open(found, null, null)) {
            AdapterReport report = match.apply(TargetModules.of(source));
            return Optional.of(Inspection.Match.of(found, report.requireMatch()));
        }
    }
}
