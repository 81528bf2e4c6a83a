package dev.stanstudio.web.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Creates files that only their owner may read, since they hold the secrets of studies. Does
 * nothing on file systems without POSIX permissions, where folders of accounts are private already.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FOLDER =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> FILE =
            PosixFilePermissions.fromString("rw-------");

    private OwnerOnly() {}

    /** Creates {@code wanted}, {@code home} or a folder in it; parents get the usual rights. */
    static Path createFolders(Path wanted, Path home) throws IOException {
        Path above = home.getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        if (Files.isDirectory(wanted) || !posix(above == null ? home : above)) {
            return Files.createDirectories(wanted);
        }
        FileAttribute<Set<PosixFilePermission>> own = PosixFilePermissions.asFileAttribute(FOLDER);
        return Files.createDirectories(wanted, own);
    }

    /** Creates an empty file, or removes others' rights from an existing one. */
    public static void createFile(Path file) {
        try {
            Path above = file.toAbsolutePath().getParent();
            if (above == null || !Files.isDirectory(above) || !posix(above)) {
                return;
            }
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
            } catch (FileAlreadyExistsException e) {
                for (String name : List.of("", "-wal", "-shm")) {
                    Path part = file.resolveSibling(file.getFileName() + name);
                    if (Files.exists(part)) {
                        close(part);
                    }
                }
            }
        } catch (IOException e) {
            // Opening the file will report the reason.
            return;
        }
    }

    /**
     * Removes others' rights from {@code folder} and the files directly in it.
     *
     * @return whether they had any to the folder itself
     */
    static boolean tighten(Path folder) {
        try {
            if (!posix(folder) || !close(folder)) {
                return false;
            }
            try (Stream<Path> parts = Files.list(folder)) {
                for (Path part : parts.toList()) {
                    if (!Files.isSymbolicLink(part)) {
                        close(part);
                    }
                }
            }
            return true;
        } catch (IOException e) {
            return false; // a folder of another account, which may share it
        }
    }

    private static boolean close(Path path) throws IOException {
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
        Set<PosixFilePermission> own = EnumSet.copyOf(FOLDER);
        own.retainAll(now);
        if (own.equals(now)) {
            return false;
        }
        Files.setPosixFilePermissions(path, own);
        return true;
    }

    private static boolean posix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix")
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
