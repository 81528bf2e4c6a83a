package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Locates the adapter as it was after a step of its training.
 *
 * @param path an adapter like any other
 */
public record SavedState(long step, Path path) {
    private static final Pattern STEP = Pattern.compile("\\d{1,18}");

    /** Returns the states beside the adapter that a training wrote, by step; none for others. */
    public static List<SavedState> beside(Path adapter) {
        return adapter.endsWith(AdapterPlace.FINISHED)
                ? list(adapter.resolveSibling(AdapterPlace.STATES))
                : List.of();
    }

    /** Returns the states in the folder of a training, by step. */
    public static List<SavedState> in(Path training) {
        return list(training.resolve(AdapterPlace.STATES));
    }

    private static List<SavedState> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory)
                    .filter(path -> STEP.matcher(name(path)).matches())
                    .map(path -> new SavedState(Long.parseLong(name(path)), path))
                    .sorted(Comparator.comparingLong(SavedState::step))
                    .toList();
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be listed: %s".formatted(folder, AtomicFile.reason(e)), e);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
