package dev.stanstudio.base;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Resolves paths that a file states, which must not lead out of a folder. */
public final class InnerPath {
    private InnerPath() {}

    /**
     * The path of {@code named} in {@code folder}, whatever links there are.
     *
     * @param what names the text in a refusal
     * @throws IllegalArgumentException when it is no path or leaves the folder by its text
     */
    public static Path of(Path folder, String named, String what) {
        Path base = folder.toAbsolutePath().normalize();
        try {
            Path file = base.resolve(named).normalize();
            if (!file.startsWith(base)) {
                throw new IllegalArgumentException(
                        "%s \"%s\" leaves the list's folder".formatted(what, named));
            }
            return file;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "%s \"%s\" is no path".formatted(what, printable(named)), e);
        }
    }

    /**
     * Refuses a file that a symbolic link puts outside {@code folder}. One that does not exist
     * passes.
     *
     * @throws IllegalArgumentException when it lies elsewhere
     */
    public static void refuseLinkOut(Path folder, Path file) {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(folder.toRealPath())) {
                throw new IllegalArgumentException(
                        "%s is a link that leaves the folder %s".formatted(file, folder));
            }
        } catch (IOException e) {
            // Opening a missing file says so.
            return;
        }
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars()
                .forEach(
                        c ->
                                shown.append(
                                        Character.isISOControl(c)
                                                ? "\\u%04x".formatted(c)
                                                : String.valueOf((char) c)));
        return shown.toString();
    }
}
