package dev.stanstudio.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Files that appear whole or not at all: written beside the target under a name that begins with a
 * dot, then moved over it. Devices and pipes, such as {@code /dev/null}, take what is written; a
 * file moved over them would end them.
 */
public final class AtomicFile {
    /** Characters of a file's name in that of its part: at most 3 bytes of UTF-8 each. */
    private static final int MOST_OF_NAME = 20;

    private static final Pattern PART =
            Pattern.compile("\\..*\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part");

    /** Writes the content. */
    public interface Content {
        /** Writes everything to {@code out}, which the caller closes. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code target}; an existing file is replaced only by the finished new one.
     *
     * @throws UserException when the folder is missing or cannot be written
     */
    public static void write(Path target, Content content) {
        if (isOpenAlready(target)) {
            writeStraight(target, content);
            return;
        }
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UserException(
                    "cannot write " + target + ": " + folder + " is not a folder; create it first");
        }
        Path part = part(absolute);
        try {
            try (OutputStream out =
                    new BufferedOutputStream(
                            Files.newOutputStream(part, StandardOpenOption.CREATE_NEW))) {
                content.writeTo(out);
            }
            Files.move(
                    part,
                    absolute,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException(
                    "cannot write %s into folder %s: %s".formatted(target, folder, reason(e)), e);
        } finally {
            deleteQuietly(part);
        }
    }

    /**
     * Returns the name that {@code target} has while it is written: hidden, beside it, and never
     * longer than a file system takes, however long the target's own name is.
     */
    public static Path part(Path target) {
        String name = String.valueOf(target.getFileName());
        int end = Math.min(name.length(), MOST_OF_NAME);
        // Half a character would be no name in UTF-8.
        end -= end > 0 && Character.isHighSurrogate(name.charAt(end - 1)) ? 1 : 0;
        return target.resolveSibling(
                "." + name.substring(0, end) + "." + UUID.randomUUID() + ".part");
    }

    /** Returns whether {@code file} has the name of something half-written. */
    static boolean isPart(Path file) {
        return PART.matcher(String.valueOf(file.getFileName())).matches();
    }

    /**
     * Refuses names that no file can have, for commands that compute for long before they write.
     *
     * @throws UserException if {@code target} is too long, or a link that leads to itself
     */
    public static void requireName(Path target) {
        try {
            Files.readAttributes(target, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            // A file of this name can be made.
        } catch (IOException e) {
            throw new UserException("cannot write %s: %s".formatted(target, reason(e)), e);
        }
    }

    /**
     * Tries the folder of {@code target}, for commands that compute for long before they write.
     *
     * @throws UserException if no file of that name can be made there
     */
    public static void requireWritable(Path target) {
        Path folder = Objects.requireNonNullElse(target.toAbsolutePath().getParent(), target);
        if (isOpenAlready(target)) {
            return;
        }
        if (Files.isDirectory(target)) {
            throw new UserException(target + " is a folder; name a file in it");
        }
        requireName(target);
        try {
            // Permissions alone are not enough: the disk may be mounted read-only.
            Files.delete(Files.createTempFile(folder, ".studio", ".tmp"));
        } catch (IOException e) {
            throw new UserException(
                    "cannot write %s into folder %s: %s".formatted(target, folder, reason(e)), e);
        }
    }

    /** Links among the devices, such as {@code /dev/stdout}, name what the process has open. */
    private static boolean isOpenAlready(Path target) {
        return RegularFile.isDevice(target)
                || (Files.isSymbolicLink(target) && target.toAbsolutePath().startsWith("/dev"));
    }

    private static void writeStraight(Path target, Content content) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UserException("cannot write %s: %s".formatted(target, reason(e)), e);
        }
    }

    /** Returns the reason of a failed file operation, in a few words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file of that name is there";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The failure that left the unfinished file is the one to report.
        }
    }
}
