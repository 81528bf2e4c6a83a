package dev.stanstudio.web;

import dev.stanstudio.base.ProgramVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code studio} itself: the options every command inherits. It does nothing without a command. */
@Command(
        name = RootCommand.NAME,
        description = "A style-alignment studio for Stable Diffusion 3.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        footer = "%nExit codes: 0 done, 1 failed, 2 bad arguments, 130 interrupted.")
final class RootCommand {
    static final String NAME = "studio";

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of a failure.")
    private boolean verbose;

    boolean verbose() {
        return verbose;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {NAME + " " + ProgramVersion.current()};
        }
    }
}
