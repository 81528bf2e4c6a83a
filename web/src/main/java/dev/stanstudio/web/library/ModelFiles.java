package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FileVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a model with their versions, by which a model that was replaced is noticed without
 * reading its weights.
 *
 * @param files one line for each, in alphabetical order
 */
record ModelFiles(List<String> files) {
    /** A folder with a folder for each part. */
    private static final int DEEPEST = 2;

    /** Copies the list. */
    ModelFiles {
        files = List.copyOf(files);
    }

    /** Returns those of the model {@code name}; empty where there is none, or not for now. */
    static Optional<ModelFiles> of(ModelNames names, String name) {
        try {
            return Optional.of(of(names.find(name)));
        } catch (ArgumentException | IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static ModelFiles of(Path model) throws IOException {
        try (Stream<Path> all = Files.walk(model, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
            return new ModelFiles(
                    all.filter(Files::isRegularFile).map(ModelFiles::line).sorted().toList());
        }
    }

    private static String line(Path file) {
        try {
            return file + " " + FileVersion.of(file).line();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
