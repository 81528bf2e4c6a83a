package dev.stanstudio.web.job;

import dev.stanstudio.adapter.training.SampleCaptions;
import dev.stanstudio.web.server.PageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sheets of samples that a training writes into its folder. */
public final class SampleSheets {
    private static final String FOLDER = "samples";

    private SampleSheets() {}

    /** Returns their names, the newest last; none if there is no training. */
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

    /** Returns the captions of the pictures of each sheet, the leftmost first. */
    public static List<String> captions(Path training) {
        return SampleCaptions.read(training.resolve(FOLDER));
    }

    /** Returns the file of the sheet {@code name}, if there is one. */
    public static Optional<Path> file(Path training, String name) {
        return names(training).contains(name)
                ? Optional.of(training.resolve(FOLDER).resolve(name))
                : Optional.empty();
    }

    /**
     * Returns the file of the sheet {@code name}, for a page.
     *
     * @throws PageException with status 404 if there is none
     */
    public static Path get(Path training, String name) {
        return file(training, name)
                .orElseThrow(() -> PageException.missing("there is no such sheet of samples"));
    }
}
