package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.EngineException;
import dev.stanstudio.engine.ExhaustedMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

class FailureTest {
    private static final Path ALWAYS_FULL = Path.of("/dev/full");

    private static void assertFails(int code, String line, Throwable failure) {
        assertEquals(new Run(code, "", "studio: " + line + "\n"), Run.failingWith(failure));
    }

    @Test
    void aUserFailureIsItsOwnMessage() {
        assertFails(
                1,
                "no model at m; name a folder",
                new UserException("no model at m; name a folder"));
    }

    @Test
    void anArgumentThatCannotWorkExitsTwo() {
        assertFails(
                2,
                "--width 100 is no multiple of 16",
                new ArgumentException("--width 100 is no multiple of 16"));
    }

    @Test
    void aCommandMayRefuseArgumentsAsPicocliDoes() {
        CommandLine line = new CommandLine(new FakeCommand(() -> 0));
        Run run = Run.failingWith(new ParameterException(line, "--mask needs --init-image"));
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("studio: --mask needs --init-image. Try '"), run.err());
    }

    @Test
    void theStackTraceShowsOnlyWithVerbose() {
        UserException failure = new UserException("no model", new IOException("the reason"));
        Run quiet = Run.failingWith(failure);
        Run verbose = Run.failingWith(failure, "--verbose");
        assertAll(
                () -> assertEquals("studio: no model\n", quiet.err()),
                () -> assertEquals(1, verbose.code()),
                () -> assertTrue(verbose.err().startsWith(quiet.err()), verbose.err()),
                () ->
                        assertTrue(
                                verbose.err().contains("at dev.stanstudio.web.FailureTest"),
                                verbose.err()),
                () ->
                        assertTrue(
                                verbose.err()
                                        .contains("Caused by: java.io.IOException: the reason"),
                                verbose.err()));
    }

    @Test
    void aFailureInAWorkerThreadIsUnwrapped() {
        assertFails(1, "no model", new CompletionException(new UserException("no model")));
    }

    @Test
    void aMessageOfSeveralLinesBecomesOne() {
        assertFails(
                1,
                "shapes differ: [1, 2] and [2, 1]",
                new UserException("shapes differ:\n  [1, 2]\r\nand [2, 1]\n"));
    }

    @Test
    void aTextThatNamesNoFileIsABadArgument() {
        assertFails(
                2,
                "'a\\u0000b' cannot name a file or folder (Nul character not allowed)",
                assertThrows(InvalidPathException.class, () -> Path.of("a\0b")));
        // As the JDK says it where the locale is C.
        String reason = "Malformed input or input contains unmappable characters";
        assertFails(
                2,
                "'\u00e9.png' cannot name a file or folder; it cannot be written in the encoding of"
                        + " this terminal, set LC_ALL=C.UTF-8",
                new InvalidPathException("\u00e9.png", reason));
    }

    @Test
    void optionsSayTheSameOfSuchATextAsCommands() {
        TypeConversionException refused =
                assertThrows(
                        TypeConversionException.class, () -> new PathArgument().convert("a\0b"));
        assertEquals(
                "'a\0b' cannot name a file or folder (Nul character not allowed)",
                refused.getMessage());
    }

    @Test
    void aMessageWithAHugeArgumentKeepsItsBeginningAndItsEnd() {
        Run run =
                Run.failingWith(
                        new UserException("there is no model " + "x".repeat(300_000) + "; choose"));
        assertTrue(run.err().startsWith("studio: there is no model xxx"), run.err());
        assertTrue(run.err().endsWith("xxx; choose\n"), run.err());
        assertTrue(run.err().length() < 3_000, "characters: " + run.err().length());
    }

    @Test
    void charactersThatCommandATerminalAreShownAsEscapes() {
        assertFails(
                1,
                "tensor a\\u001b[31mb\\u0007 \\u202e\\u009bc é",
                new UserException("tensor a\u001b[31mb\u0007 \u202e\u009bc é"));
    }

    @Test
    void aFullDiskIsNamed() {
        String line = "no space left on the disk for x.png; free some, or write to another disk";
        assertFails(1, line, new FileSystemException("x.png", null, "No space left on device"));
        assertFails(
                1,
                line,
                new UserException(
                        "cannot write the picture",
                        new FileSystemException("x.png", null, "No space left on device")));
    }

    @Test
    void aReallyFullDeviceIsRecognised() {
        assumeTrue(Files.exists(ALWAYS_FULL), "skipped: this system has no " + ALWAYS_FULL);
        IOException full =
                assertThrows(IOException.class, () -> Files.write(ALWAYS_FULL, new byte[1]));
        assertFails(
                1,
                "no space left on the disk; free some, or write to another disk",
                new UncheckedIOException(full));
    }

    @Test
    void failuresOfFilesNameTheFile() {
        assertFails(1, "no such file or folder: m", new NoSuchFileException("m"));
        assertFails(1, "no permission for m", new AccessDeniedException("m"));
        assertFails(1, "m exists already", new FileAlreadyExistsException("m"));
        assertFails(1, "m is not a folder", new NotDirectoryException("m"));
        assertFails(1, "m: Is a directory", new FileSystemException("m", null, "Is a directory"));
    }

    @Test
    void anExhaustedHeapIsOneLine() {
        assertFails(
                1,
                "not enough memory for Java (Java heap space); raise it, for example"
                        + " STUDIO_JAVA_OPTS=-Xmx4g",
                new OutOfMemoryError("Java heap space"));
    }

    @Test
    void tensorsThatDoNotFitAreToldApartFromTheHeap() {
        String line =
                "not enough memory for the tensors; ask for smaller or fewer pictures, or a smaller"
                        + " --dtype";
        assertFails(1, line, ExhaustedMemory.saying("block 3: can't allocate memory: 6 GB"));
        assertFails(1, "no such operator", new EngineException("no such operator"));
    }

    @Test
    void aDefectIsOneLineThatSaysSo() {
        assertFails(
                1,
                "unexpected java.lang.IllegalStateException: 3 of 2; this is a defect, --verbose"
                        + " shows where",
                new IllegalStateException("3 of 2"));
        assertFails(
                1,
                "unexpected java.lang.StackOverflowError; this is a defect, --verbose shows where",
                new StackOverflowError());
    }

    @Test
    void aCancelledCommandExitsAsInterrupted() {
        assertFails(130, "interrupted", new CancellationException());
        assertFails(130, "interrupted", new CompletionException(new InterruptedException()));
    }
}
