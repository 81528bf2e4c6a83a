package dev.stanstudio.safetensors;

import dev.stanstudio.base.FileVersion;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Whole reads and writes in bounded steps, and failures of the file system in plain words. */
final class FileAccess {
    /** The JDK copies each heap buffer through a native one of the same size; this bounds that. */
    private static final int STEP = 1 << 22;

    private FileAccess() {}

    /** Fills {@code into} with the bytes of {@code channel} from {@code position} on. */
    static void readFully(FileChannel channel, long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            ByteBuffer step = into.slice(into.position(), Math.min(into.remaining(), STEP));
            int count = channel.read(step, at);
            if (count < 0) {
                throw new EOFException("end of file at byte " + at);
            }
            at += count;
            into.position(into.position() + count);
        }
    }

    /** Writes all that remains in {@code from}. */
    static void writeFully(WritableByteChannel channel, ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            ByteBuffer step = from.slice(from.position(), Math.min(from.remaining(), STEP));
            from.position(from.position() + channel.write(step));
        }
    }

    /** The operating system's reason in words; many of these exceptions only repeat the path. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Refuses what is not there, a folder or a device. */
    static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new SafetensorsException(
                    Violation.WRONG_KIND,
                    file,
                    "is a folder where a file is wanted; name the file in it");
        }
        if (!Files.exists(file)) {
            throw new SafetensorsException(
                    Violation.NOT_FOUND, file, "no such file; check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw new SafetensorsException(
                    Violation.WRONG_KIND, file, "is not a regular file; copy it to one first");
        }
    }

    /** Refuses a file of another version than the one that was checked. */
    static void requireSame(Path file, FileVersion checked, FileVersion now) {
        if (now.size() != checked.size()) {
            throw new SafetensorsException(
                    Violation.CHANGED,
                    file,
                    "was %d bytes long when opened and is %d now; let its writer finish and load it again"
                            .formatted(checked.size(), now.size()));
        }
        if (!now.equals(checked)) {
            throw new SafetensorsException(
                    Violation.CHANGED,
                    file,
                    "was changed after it was opened (%s, then %s); let its writer finish and load it again"
                            .formatted(checked.modified(), now.modified()));
        }
    }

    /** Returns the exception to throw when reading {@code file} failed with {@code e}. */
    static SafetensorsException unreadable(Path file, IOException e) {
        if (e instanceof EOFException) {
            return new SafetensorsException(
                    Violation.CHANGED,
                    file,
                    "became shorter while it was read; let its writer finish and load it again",
                    e);
        }
        return new SafetensorsException(
                Violation.UNREADABLE,
                file,
                "cannot be read (%s); check the path and its permissions".formatted(reason(e)),
                e);
    }
}
