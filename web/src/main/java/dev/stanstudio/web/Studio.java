package dev.stanstudio.web;

import dev.stanstudio.base.Decimal;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.command.TerminalText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program {@code studio}: one picocli tree over every {@link StudioCommand} on the class path.
 * A run ends in an exit code and, when it failed, in exactly one line on standard error ({@code
 * studio: …}).
 */
public final class Studio {
    private static final int MAX_SUGGESTIONS = 2;

    /** Of longer lines, which repeat a huge argument, the beginning and the end are shown. */
    private static final int LONGEST_LINE = 2_000;

    private final RootCommand root = new RootCommand();
    private final CommandLine line = new CommandLine(root);
    private final Interruption interruption;

    Studio(Interruption interruption) {
        this.interruption = interruption;
    }

    /** Runs the command that {@code args} name and ends the process with its exit code. */
    public static void main(String[] args) {
        // Some locales have digits and letters of their own, and hashes are of formatted texts.
        Locale.setDefault(Locale.US);
        Interruption interruption = new Interruption(Thread.currentThread());
        Studio studio = new Studio(interruption);
        interruption.install(studio.line.getErr());
        ParentWatch.install(() -> System.exit(ExitCodes.INTERRUPTED));
        int code = studio.printed(studio.run(ServiceLoader.load(StudioCommand.class), args));
        interruption.finished();
        System.exit(code);
    }

    Studio writingTo(PrintWriter out, PrintWriter err) {
        line.setOut(out).setErr(err);
        return this;
    }

    /**
     * Runs one command line; never throws. Returns one of {@link ExitCodes}, or what the command
     * returned.
     */
    int run(Iterable<? extends StudioCommand> commands, String... args) {
        try {
            assemble(commands);
            return line.execute(args);
        } catch (Throwable e) {
            return failed(e);
        } finally {
            line.getOut().flush();
        }
    }

    /** Returns why {@code args} are refused, without running the command; empty if they are not. */
    Optional<String> refusal(Iterable<? extends StudioCommand> commands, String... args) {
        try {
            assemble(commands);
            ParseResult parsed = line.parseArgs(args);
            requireDistinctKeys(parsed);
            while (parsed.hasSubcommand()) {
                parsed = parsed.subcommand();
            }
            return parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()
                    ? Optional.of("--help and --version do no work; leave them out")
                    : Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(oneLine(e.getMessage() + suggestions(e)));
        }
    }

    /**
     * Returns {@code code} if what was printed has arrived, or if nobody waits for it: a reader
     * such as {@code head} may leave early. A result that is cut off, as on a full disk, is a
     * failure.
     */
    private int printed(int code) {
        line.getOut().flush();
        if (!System.out.checkError() || code != ExitCodes.DONE) {
            return code;
        }
        // Writers do not tell why they failed; one more byte does. It stays open: where standard
        // output was closed from the start, Java itself may have another file under its number.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        try {
            out.write('\n');
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (Stream.of("pipe", "descriptor", "handle").anyMatch(reason::contains)) {
                return code;
            }
        }
        tell("what it prints could not be written whole; free space where the output goes");
        return ExitCodes.FAILED;
    }

    private void assemble(Iterable<? extends StudioCommand> commands) {
        CommandTree.attach(line, commands);
        // Picocli hands these on to the subcommands that exist by now. A prompt may begin with @
        // and is no file of arguments.
        line.registerConverter(Double.class, Studio::number)
                .registerConverter(double.class, Studio::number)
                .registerConverter(Integer.class, text -> (int) whole(text, Integer.MAX_VALUE))
                .registerConverter(int.class, text -> (int) whole(text, Integer.MAX_VALUE))
                .registerConverter(Long.class, text -> whole(text, Long.MAX_VALUE))
                .registerConverter(long.class, text -> whole(text, Long.MAX_VALUE))
                .registerConverter(Path.class, new PathArgument())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(line.getOut())
                .setErr(line.getErr())
                .setParameterExceptionHandler((e, args) -> refused(e))
                .setExecutionStrategy(this::execute)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e));
    }

    private static Double number(String text) {
        try {
            return Decimal.parse(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Reads a whole number whose size is at most {@code most}. */
    private static long whole(String text, long most) {
        String digits = text.strip();
        if (!digits.matches("[-+]?[0-9]{1,100}")) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        BigInteger value = new BigInteger(digits);
        if (value.abs().compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(digits + " is beyond " + most);
        }
        return value.longValueExact();
    }

    private int execute(ParseResult parsed) {
        boolean nothingAsked =
                !parsed.hasSubcommand()
                        && !parsed.isUsageHelpRequested()
                        && !parsed.isVersionHelpRequested();
        if (nothingAsked) {
            throw new ParameterException(
                    line, "name a command: " + String.join(", ", line.getSubcommands().keySet()));
        }
        requireDistinctKeys(parsed);
        return new RunLast().execute(parsed);
    }

    /** Refuses a name that an option such as {@code --repeats a=2,a=3} gives two values. */
    private static void requireDistinctKeys(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        for (OptionSpec option : last.matchedOptions()) {
            // Picocli keeps names and values by turns.
            if (option.getValue() instanceof Map<?, ?> map
                    && 2 * map.size() < option.stringValues().size()) {
                throw new ParameterException(
                        last.commandSpec().commandLine(),
                        "%s gives one name two values: %s"
                                .formatted(
                                        option.longestName(),
                                        String.join(", ", option.originalStringValues())));
            }
        }
    }

    private int refused(ParameterException e) {
        String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        tell(e.getMessage() + suggestions(e) + ". Try '" + help + "'.");
        return ExitCodes.BAD_ARGUMENTS;
    }

    private static String suggestions(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getSuggestions().isEmpty()) {
            return "";
        }
        return unmatched.getSuggestions().stream()
                .limit(MAX_SUGGESTIONS)
                .collect(Collectors.joining("' or '", " (did you mean '", "'?)"));
    }

    private int failed(Throwable e) {
        if (interruption.requested()) {
            return ExitCodes.INTERRUPTED;
        }
        Failure failure = Failure.of(e);
        tell(failure.message());
        if (root.verbose()) {
            e.printStackTrace(line.getErr());
        }
        return failure.exitCode();
    }

    private static String oneLine(String message) {
        String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() <= LONGEST_LINE
                ? line
                : line.substring(0, LONGEST_LINE / 2)
                        + " […] "
                        + line.substring(line.length() - LONGEST_LINE / 2);
    }

    /**
     * Messages name what stands in files of strangers, so that nothing of them reaches a terminal
     * raw.
     */
    private void tell(String message) {
        line.getErr().println(RootCommand.NAME + ": " + TerminalText.escaped(oneLine(message)));
        line.getErr().flush();
    }
}
