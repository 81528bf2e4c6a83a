package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.source.TextEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads wildcards: files of one choice per line, called {@code NAME.txt}. Thread-safe. */
public final class Wildcards {
    private static final String FOLDER = "wildcards";
    private static final String SUFFIX = ".txt";
    private static final long MOST_BYTES = 4L << 20;
    private static final int SHOWN = 20;

    private final Path folder;

    /** Reads the files of {@code folder}, which need not exist. */
    public Wildcards(Path folder) {
        this.folder = folder;
    }

    /** Returns what makes the choices of prompts with the wildcards of a studio's folder. */
    public static PromptChoices of(Path home) {
        return new PromptChoices(new Wildcards(home.resolve(FOLDER))::lines);
    }

    /**
     * Returns the choices of a wildcard; blank lines and those that begin with {@code #} are none.
     *
     * @throws ArgumentException if there is no such file, or nothing in it
     */
    public List<String> lines(String name) {
        Path file = folder.resolve(name + SUFFIX);
        if (!Files.isRegularFile(file)) {
            throw new ArgumentException(unknown(name));
        }
        List<String> lines =
                read(file)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();
        if (lines.isEmpty()) {
            throw new ArgumentException("the wildcard file %s has no lines".formatted(file));
        }
        return lines;
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ArgumentException(
                        "the wildcard file %s has more than %d bytes".formatted(file, MOST_BYTES));
            }
            return TextEncoding.DETECT.decode(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ArgumentException(
                    "the wildcard file %s cannot be read: %s".formatted(file, AtomicFile.reason(e)),
                    e);
        }
    }

    private String unknown(String name) {
        List<String> names = names();
        String there =
                names.isEmpty()
                        ? "there is none yet"
                        : "there are "
                                + String.join(
                                        ", ", names.subList(0, Math.min(SHOWN, names.size())));
        return "there is no wildcard __%s__; %s. Write its choices, one per line, into %s"
                .formatted(name, there, folder.resolve(name + SUFFIX));
    }

    /** Returns the names of all wildcards, in alphabetical order. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ArgumentException("the wildcards cannot be read: " + AtomicFile.reason(e), e);
        }
    }
}
