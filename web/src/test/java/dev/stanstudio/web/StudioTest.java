package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class StudioTest {
    private static final FakeCommand DONE = new FakeCommand(() -> ExitCodes.DONE);

    @Command(name = "early", description = "Come first.")
    private static final class EarlyCommand implements StudioCommand {
        @Override
        public Integer call() {
            return ExitCodes.DONE;
        }
    }

    @Command(
            name = "own-help",
            description = "Declares help itself.",
            mixinStandardHelpOptions = true)
    private static final class OwnHelpCommand implements StudioCommand {
        @Override
        public Integer call() {
            return ExitCodes.DONE;
        }
    }

    @Command(name = "late", description = "Hang under early.")
    private static final class LateCommand implements StudioCommand {
        @Override
        public String parent() {
            return "early";
        }

        @Override
        public Integer call() {
            return 7;
        }
    }

    @Test
    void aCommandHangsUnderTheParentItNames() {
        Interruption interruption = new Interruption(Thread.currentThread());
        List<StudioCommand> commands = List.of(new LateCommand(), new EarlyCommand());
        assertEquals(7, Run.of(interruption, commands, "early", "late").code());
        assertEquals(ExitCodes.BAD_ARGUMENTS, Run.of(interruption, commands, "late").code());
        Run orphan = Run.of(new LateCommand(), "late");
        assertEquals(1, orphan.code());
        assertTrue(orphan.err().contains("no command is called early"), orphan.err());
    }

    @Test
    void helpListsTheCommandsByName() {
        Run run =
                Run.of(
                        new Interruption(Thread.currentThread()),
                        List.of(DONE, new EarlyCommand()),
                        "--help");
        assertAll(
                () -> assertEquals(0, run.code()),
                () -> assertEquals("", run.err()),
                () ->
                        assertTrue(
                                run.out()
                                        .matches(
                                                "(?s).*  early +Come first\\.\\R  fake +Do what.*"),
                                run.out()));
    }

    @Test
    void versionIsTheOneTheBuildWrote() {
        Run run = Run.of(DONE, "--version");
        assertAll(
                () -> assertEquals("studio " + ProgramVersion.current(), run.out().strip()),
                () ->
                        assertTrue(
                                ProgramVersion.current()
                                        .matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?")));
    }

    @Test
    void everyCommandHasHelpAndVersion() {
        Run help = Run.of(DONE, "fake", "--help");
        assertAll(
                () -> assertEquals(0, help.code()),
                () -> assertTrue(help.out().startsWith("Usage: studio fake "), help.out()),
                () -> assertTrue(help.out().contains("--verbose"), help.out()),
                () ->
                        assertEquals(
                                Run.of(DONE, "--version").out(), Run.of(DONE, "fake", "-V").out()),
                () -> assertEquals(0, Run.of(new OwnHelpCommand(), "own-help", "--help").code()));
    }

    @Test
    void theCommandsExitCodeIsTheProgramsOwn() {
        assertEquals(1, Run.of(new FakeCommand(() -> ExitCodes.FAILED), "fake").code());
    }

    @Test
    void anUnknownOptionIsRefusedWithTheNearestOne() {
        assertEquals(
                new Run(
                        2,
                        "",
                        "studio: Unknown option: '--promt=a cat' (did you mean '--prompt'?). Try"
                                + " 'studio fake --help'.\n"),
                Run.of(DONE, "fake", "--promt=a cat"));
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearestOne() {
        assertEquals(
                new Run(
                        2,
                        "",
                        "studio: Unmatched argument at index 0: 'fakes' (did you mean 'fake'?). Try"
                                + " 'studio --help'.\n"),
                Run.of(DONE, "fakes"));
    }

    @Test
    void aValueOutsideAnEnumIsRefusedWithThePossibleOnes() {
        Run run = Run.of(DONE, "fake", "--dtype", "int8");
        assertAll(
                () -> assertEquals(2, run.code()),
                () -> assertEquals(1, run.err().lines().count(), run.err()),
                () ->
                        assertTrue(
                                run.err().contains("--dtype") && run.err().contains("[FP32, BF16]"),
                                run.err()));
    }

    @Test
    void valuesOfEnumsAreReadInAnyCase() {
        FakeCommand command = new FakeCommand(() -> ExitCodes.DONE);
        Run.of(command, "fake", "--dtype", "bf16");
        assertEquals(FakeCommand.Dtype.BF16, command.dtype);
    }

    @Test
    void wholeNumbersAreDecimalAndWhatIsNoneIsSaidInPlainWords() {
        FakeCommand command = new FakeCommand(() -> ExitCodes.DONE);
        Run.of(command, "fake", "--count", " 010", "--offset", "-9223372036854775807");
        assertEquals(10, command.count);
        assertEquals(-Long.MAX_VALUE, command.offset);
        for (String[] one :
                new String[][] {
                    {"--count", "x", "'x' is not a whole number"},
                    {"--count", "1.0", "'1.0' is not a whole number"},
                    {"--count", "0x10", "'0x10' is not a whole number"},
                    {"--count", "", "'' is not a whole number"},
                    {"--count", "2147483648", "2147483648 is beyond 2147483647"},
                    {"--offset", "x", "'x' is not a whole number"},
                    {"--offset", "9223372036854775808", "is beyond 9223372036854775807"},
                }) {
            Run run = Run.of(DONE, "fake", one[0], one[1]);
            assertEquals(2, run.code(), one[1]);
            assertTrue(run.err().contains(one[2]), run.err());
        }
    }

    @Test
    void anOptionGivesANameOneValue() {
        FakeCommand command = new FakeCommand(() -> ExitCodes.DONE);
        assertEquals(0, Run.of(command, "fake", "--repeats", "a=2,b=3").code());
        assertEquals(Map.of("a", 2, "b", 3), command.repeats);
        for (String[] twice :
                new String[][] {
                    {"fake", "--repeats", "a=2,a=3"},
                    {"fake", "--repeats", "a=2", "--repeats", "a=2"},
                }) {
            Run run = Run.of(DONE, twice);
            assertEquals(2, run.code(), run.err());
            assertTrue(run.err().contains("--repeats gives one name two values: a=2"));
        }
    }

    @Test
    void aPromptMayBeginWithAnAtSign() {
        FakeCommand command = new FakeCommand(() -> ExitCodes.DONE);
        assertNull(command.prompt);
        Run.of(command, "fake", "--prompt", "@home, ${user.name}, watercolour");
        assertEquals("@home, ${user.name}, watercolour", command.prompt);
    }

    @Test
    void noCommandIsABadArgument() {
        Run refused = new Run(2, "", "studio: name a command: fake. Try 'studio --help'.\n");
        assertEquals(refused, Run.of(DONE));
        assertEquals(refused, Run.of(DONE, "--verbose"));
    }

    @Test
    void commandsOnTheClassPathAreFound() {
        Run run =
                Run.of(
                        new Interruption(Thread.currentThread()),
                        ServiceLoader.load(StudioCommand.class),
                        "wait",
                        "--help");
        assertTrue(run.out().startsWith("Usage: studio wait "), run.out() + run.err());
    }

    @Test
    void aCommandThatCannotBeLoadedIsToldInOneLine() {
        Iterable<StudioCommand> broken =
                () -> {
                    throw new ServiceConfigurationError("Provider x.Y not found");
                };
        Run run = Run.of(new Interruption(Thread.currentThread()), broken, "fake");
        assertAll(
                () -> assertEquals(1, run.code()),
                () -> assertEquals(1, run.err().lines().count(), run.err()),
                () -> assertTrue(run.err().contains("Provider x.Y not found"), run.err()));
    }
}
