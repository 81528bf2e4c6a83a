package dev.stanstudio.web;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.engine.OutOfMemoryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Message to the user about a failure, and its exit code. */
record Failure(String message, int exitCode) {
    private static final int MAX_CAUSES = 32;

    /** Judges {@code e} by the most telling exception among it and its causes. */
    static Failure of(Throwable e) {
        return first(e, Failure::diskFull)
                .map(Failure::ofDiskFull)
                .or(() -> first(e, Failure::outOfMemory).map(Failure::ofMemory))
                .or(() -> first(e, Failure::interrupted).map(Failure::ofInterruption))
                .or(() -> first(e, Failure::expected).map(Failure::ofExpected))
                .or(() -> first(e, Failure::noPath).map(Failure::ofPath))
                .orElseGet(() -> ofUnexpected(e));
    }

    private static Optional<Throwable> first(Throwable e, Predicate<Throwable> kind) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .filter(kind)
                .findFirst();
    }

    private static boolean diskFull(Throwable e) {
        return e instanceof IOException
                && (says(e, "no space left on device") || says(e, "disk quota exceeded"));
    }

    private static Failure ofDiskFull(Throwable e) {
        String where =
                e instanceof FileSystemException f && f.getFile() != null
                        ? " for " + f.getFile()
                        : "";
        return failed(
                "no space left on the disk" + where + "; free some, or write to another disk");
    }

    private static boolean outOfMemory(Throwable e) {
        return e instanceof OutOfMemoryError || e instanceof OutOfMemoryException;
    }

    private static Failure ofMemory(Throwable e) {
        return failed(
                e instanceof OutOfMemoryException tensors
                        ? "not enough memory for the tensors%s; ask for smaller or fewer pictures, or a smaller --dtype"
                                .formatted(tensors.place().map(at -> " on " + at).orElse(""))
                        : "not enough memory for Java ("
                                + e.getMessage()
                                + "); raise it, for example STUDIO_JAVA_OPTS=-Xmx4g");
    }

    private static boolean interrupted(Throwable e) {
        return e instanceof InterruptedException
                || e instanceof CancellationException
                || e instanceof ClosedByInterruptException;
    }

    private static Failure ofInterruption(Throwable e) {
        return new Failure("interrupted", ExitCodes.INTERRUPTED);
    }

    private static boolean expected(Throwable e) {
        return e instanceof UserException || e instanceof IOException;
    }

    private static Failure ofExpected(Throwable e) {
        if (e instanceof ArgumentException) {
            return new Failure(messageOf(e), ExitCodes.BAD_ARGUMENTS);
        }
        return failed(e instanceof FileSystemException f ? fileMessage(f) : messageOf(e));
    }

    /** The JDK's own messages of these are the bare path. */
    private static String fileMessage(FileSystemException e) {
        String file = e.getFile();
        if (e instanceof NoSuchFileException) {
            return "no such file or folder: " + file;
        }
        if (e instanceof AccessDeniedException) {
            return "no permission for " + file;
        }
        if (e instanceof FileAlreadyExistsException) {
            return file + " exists already";
        }
        if (e instanceof NotDirectoryException) {
            return file + " is not a folder";
        }
        return messageOf(e);
    }

    private static boolean noPath(Throwable e) {
        return e instanceof InvalidPathException;
    }

    private static Failure ofPath(Throwable e) {
        return new Failure(PathArgument.refusal((InvalidPathException) e), ExitCodes.BAD_ARGUMENTS);
    }

    private static Failure ofUnexpected(Throwable e) {
        return failed("unexpected " + e + "; this is a defect, --verbose shows where");
    }

    private static Failure failed(String message) {
        return new Failure(message, ExitCodes.FAILED);
    }

    private static String messageOf(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    private static boolean says(Throwable e, String words) {
        String message = e.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(words);
    }
}
