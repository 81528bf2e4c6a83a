package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import dev.stanstudio.sd3.model.UpscalerSource;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds upscalers by path, or by the name of their file in the model folder and in further folders.
 * Thread-safe.
 */
public final class UpscalerFinder {
    private static final String SUFFIX = ".safetensors";

    private final List<Path> folders;

    /** Returns a finder for this user, which looks in {@code further} folders too. */
    public static UpscalerFinder ofUser(Path... further) {
        List<Path> folders = new ArrayList<>(List.of(ModelPlaces.ofUser().folder()));
        folders.addAll(List.of(further));
        return new UpscalerFinder(folders);
    }

    UpscalerFinder(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * Returns the upscaler called {@code name}; a text that names none is taken for a path, whose
     * reader says what is wrong with it.
     */
    public Path find(String name) {
        Path path = Path.of(name);
        if (Files.exists(path)) {
            return path;
        }
        for (Path folder : folders) {
            for (Path candidate : List.of(folder.resolve(name), folder.resolve(name + SUFFIX))) {
                if (Files.isRegularFile(candidate)) {
                    return candidate;
                }
            }
        }
        return path;
    }

    /** Returns every upscaler that can be named, with its path. */
    public Map<String, Path> all() {
        Map<String, Path> found = new TreeMap<>();
        for (Path folder : folders) {
            for (Path entry : ModelPlaces.list(folder)) {
                if (entry.toString().endsWith(SUFFIX) && isUpscaler(entry)) {
                    found.putIfAbsent(UpscalerInput.of(entry.toString()).shown(), entry);
                }
            }
        }
        return found;
    }

    /** Returns the folders. */
    public List<Path> folders() {
        return folders;
    }

    private static boolean isUpscaler(Path file) {
        try (UpscalerSource source = UpscalerSource.open(file)) {
            return source.layout().scale() > 0;
        } catch (UserException e) {
            return false;
        }
    }
}
