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
                    return """
                    %1$s
                      vote at   %2$s/vote/%3$s
                      watch at  %2$s/studies/%4$s
                    Ctrl-C ends it.\
                    """
                            .formatted(study.title(), serving.address(), study.link(), study.id());
                });
        return ExitCodes.DONE;
    }
}
