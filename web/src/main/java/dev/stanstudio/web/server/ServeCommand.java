package dev.stanstudio.web.server;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code studio serve}: the studio in the browser, until Ctrl-C. */
@Command(name = "serve", description = "Serve the studio's pages until Ctrl-C.")
public final class ServeCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Mixin ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
        server.serve(
                own,
                serving ->
                        "The studio is at %s (data in %s). Ctrl-C ends it."
                                .formatted(serving.address(), serving.studio().home().folder()));
        return ExitCodes.DONE;
    }
}
