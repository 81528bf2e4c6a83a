package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.server.ServerOptions;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio study serve}: the server, with a study's link. */
@Command(name = "serve", description = "Serve the studio and print a study's voting link.")
public final class StudyServeCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Mixin ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "STUDY", description = "Its id.")
    String id = "";

    @Override
    public Integer call() {
        server.serve(
                Objects.requireNonNull(spec, "picocli sets the spec"),
                serving -> {
                    Study study = new StudyStore(serving.studio()).byId(id);
                    return study.title()
                            + "\n  vote at   "
                            + serving.address()
                            + "/vote/"
                            + study.link()
                            + "\n  watch at  "
                            + serving.address()
                            + "/studies/"
                            + study.id()
                            + "\nCtrl-C ends it.";
                });
        return ExitCodes.DONE;
    }
}
