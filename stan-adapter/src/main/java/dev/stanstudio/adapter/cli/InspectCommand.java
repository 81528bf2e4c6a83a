package dev.stanstudio.adapter.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.AdapterReport;
import dev.stanstudio.adapter.TargetModules;
import dev.stanstudio.adapter.lora.LoraFile;
import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter inspect}: what an adapter file holds, and whether it fits a model. */
@Command(name = "inspect", description = "Say what an adapter file holds.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class InspectCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description =
                    "A LoRA: a PEFT folder, a folder with one safetensors file, or such a file"
                            + " (diffusers or kohya).")
    private Path path;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Compare its modules with this model (folder or single file).")
    private @Nullable Path model;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (LoraFile file = LoraFile.open(path)) {
            Inspection inspection = Inspection.of(file, report(file));
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? asJson(inspection) : InspectionText.of(inspection));
            out.flush();
            return ExitCodes.DONE;
        }
    }

    private Optional<Inspection.Match> report(LoraFile file) {
        if (model == null) {
            return Optional.empty();
        }
        try (ModelSource source = ModelSource.open(model, null, null)) {
            AdapterReport report =
                    file.adapter().match(TargetModules.of(source.transformerConfig()));
            return Optional.of(Inspection.Match.of(model, report.requireMatch()));
        }
    }

    private static String asJson(Inspection inspection) {
        try {
            return new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(inspection);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        }
    }
}
