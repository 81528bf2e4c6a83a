package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code studio study export}: a locked study's files. */
@Command(
        name = "export",
        description = "Copy a locked study's report, votes, preference pairs and plan.")
public final class StudyExportCommand extends StoreCommand {
    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to.")
    @Nullable Path out;

    @Override
    void run(StudyStore store, PrintWriter writer) {
        Path target = Objects.requireNonNull(out, "picocli requires it");
        ReportFiles.copy(ReportFiles.freeze(store, id), target);
        writer.println("wrote " + String.join(", ", ReportFiles.FILES.keySet()) + " to " + target);
    }
}
