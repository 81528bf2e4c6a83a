package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Locates the adapter as it was after a step of its training.
 *
 * @param path an adapter like any other
 */
public record SavedState(long step, Path path) {
    /** Returns the states beside the adapter that a training wrote, by step; none for others. */
    public static List<SavedState> beside(Path adapter) {
        Path training = adapter.toAbsolutePath().getParent();
        return adapter.endsWith(AdapterPlace.FINISHED) && training != null
                ? in(training)
                : List.of();
    }

    /** Returns the states in the folder of a training, by step. */
    public static List<SavedState> in(Path training) {
        Path folder = training.resolve(AdapterPlace.STATES);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(Files::isDirectory)
                    .filter(path -> AdapterPlace.of(path).step().isPresent())
                    .map(path -> new SavedState(AdapterPlace.of(path).step().getAsLong(), path))
                    .sorted(Comparator.comparingLong(SavedState::step))
                    .toList();
        } catch (IOException e) {
            throw new UserException("%s cannot be listed: %s".formatted(folder, e), e);
        }
    }
}
