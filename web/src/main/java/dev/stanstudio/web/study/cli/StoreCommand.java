package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.ServerOptions;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that opens the studies, does something and ends. */
abstract class StoreCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "The studio's database (a file in STUDIO_HOME).")
    @Nullable String db;

    @Override
    public Integer call() throws Exception {
        StudioContext studio = ServerOptions.studio(db);
        try (Database open = studio.database()) {
            PrintWriter out =
                    Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
            run(new StudyStore(studio), out);
            out.flush();
        }
        return ExitCodes.DONE;
    }

    abstract void run(StudyStore store, PrintWriter out) throws Exception;
}
