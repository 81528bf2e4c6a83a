package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code studio study list}. */
@Command(name = "list", description = "List the studies.")
public final class StudyListCommand extends StoreCommand {
    @Override
    void run(StudyStore store, PrintWriter out) {
        for (Study study : store.all()) {
            out.printf(
                    "%s  %-6s  %6d answers  %s%n",
                    study.id(),
                    study.locked() ? "locked" : "open",
                    store.rowCount(study),
                    study.title());
        }
    }
}
