package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.FileKinds;
import java.util.Arrays;
import java.util.List;

/**
 * A file of a source.
 *
 * @param path its path inside the source, separated by {@code /}, without {@code ..}
 * @param sniffed whether its bytes begin like a picture's although its name does not say so
 */
record Member(String path, boolean sniffed) {
    /** A file that is what its name says. */
    Member(String path) {
        this(path, false);
    }

    /** The name without its folders. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name without folders and last extension; whole where that says nothing. */
    String stem() {
        String name = name();
        if (sniffed) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** The path without its last extension. */
    String pathStem() {
        return path.substring(0, path.length() - name().length()) + stem();
    }

    /** The last extension in lower case, without the dot. */
    String extension() {
        return FileKinds.ending(path);
    }

    boolean isPicture() {
        return sniffed || FileKinds.isPicture(path);
    }

    /** The folders above the file, outermost first. */
    List<String> folders() {
        List<String> parts = Arrays.asList(path.split("/"));
        return parts.subList(0, parts.size() - 1);
    }

    /** The innermost folder, empty at the top. */
    String folder() {
        List<String> folders = folders();
        return folders.isEmpty() ? "" : folders.get(folders.size() - 1);
    }

    /** The path of a file beside this one. */
    String sibling(String name) {
        return path.substring(0, path.length() - name().length()) + name;
    }

    /**
     * Returns true for files that operating systems leave behind and for names that begin with a
     * dot.
     */
    static boolean isClutter(String path) {
        for (String part : path.split("/")) {
            if (part.startsWith(".") && !part.equals(".") && !part.equals("..")) {
                return true;
            }
            if (part.equals("__MACOSX") || part.equals("Thumbs.db") || part.equals("desktop.ini")) {
                return true;
            }
        }
        return false;
    }

    /** Returns true if an archive's name for a member points out of the archive. */
    static boolean escapes(String path) {
        String slashed = path.replace('\\', '/');
        return slashed.startsWith("/")
                || slashed.matches("[A-Za-z]:.*")
                || Arrays.asList(slashed.split("/")).contains("..");
    }

    /** An archive's name for a member in this program's form: {@code ./a//b} is {@code a/b}. */
    static String tidy(String path) {
        String tidy = path.replace('\\', '/').replaceAll("/+", "/");
        while (tidy.startsWith("./")) {
            tidy = tidy.substring(2);
        }
        return tidy.replace("/./", "/");
    }
}
