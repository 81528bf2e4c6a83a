package dev.stanstudio.web.job;

import dev.stanstudio.web.server.PageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pictures of samples that a training leaves in its folder. */
public final class SampleSheets {
    private static final String FOLDER = "samples";

    private SampleSheets() {}

    /** Their names, the newest last; none where there is no training. */
    public static List<String> names(Path training) {
        Path samples = training.resolve(FOLDER);
        if (!Files.isDirectory(samples)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(samples)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("\\d+\\.png"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One of them.
     *
     * @throws PageException with status 404 if there is none of that name
     */
    public static Path file(Path training, String name) {
        if (!names(training).contains(name)) {
            throw PageException.missing("there is no such sheet of samples");
        }
        return training.resolve(FOLDER).resolve(name);
    }
}
