package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.command.StudioCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code studio study}: blind studies. */
@Command(
        name = "study",
        description = "Let people compare pictures blindly, and read what they prefer.",
        subcommands = {
            StudyCreateCommand.class,
            StudyServeCommand.class,
            StudyInviteCommand.class,
            StudyPanelCommand.class,
            StudyPaymentsCommand.class,
            StudyListCommand.class,
            StudyLockCommand.class,
            StudyReportCommand.class,
            StudyExportCommand.class,
            StudyVerifyCommand.class
        })
public final class StudyCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
        throw new ParameterException(
                own.commandLine(),
                "study needs one of its commands: "
                        + String.join(", ", own.subcommands().keySet()));
    }
}
