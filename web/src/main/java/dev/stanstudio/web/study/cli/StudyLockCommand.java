package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code studio study lock}: ends the voting and unblinds. */
@Command(
        name = "lock",
        description = "End the voting for good, name the methods, freeze the report.")
public final class StudyLockCommand extends StoreCommand {
    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Override
    void run(StudyStore store, PrintWriter out) {
        if (!store.lock(id)) {
            throw new UserException(
                    "study %s is locked already; see studio study report".formatted(id));
        }
        out.println(
                "study %s is locked; its report is in %s"
                        .formatted(id, ReportFiles.freeze(store, id)));
    }
}
