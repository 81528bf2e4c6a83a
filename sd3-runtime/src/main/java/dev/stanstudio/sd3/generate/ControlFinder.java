package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import dev.stanstudio.sd3.model.ControlSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds control networks by path, or by name where models are found: in the model folder, then in
 * the Hugging Face cache, then in further folders. Thread-safe.
 */
public final class ControlFinder {
    private static final String CONFIG = "config.json";
    private static final String SUFFIX = ".safetensors";
    private static final String CACHED = "models--";

    private final ModelPlaces places;
    private final List<Path> further;

    /** Returns a finder for this user, which looks in {@code further} folders too. */
    public static ControlFinder ofUser(Path... further) {
        return new ControlFinder(ModelPlaces.ofUser(), List.of(further));
    }

    ControlFinder(ModelPlaces places, List<Path> further) {
        this.places = places;
        this.further = List.copyOf(further);
    }

    /**
     * Returns the network called {@code name}; a text that names none is taken for a path, whose
     * reader says what is wrong with it.
     */
    public Path find(String name) {
        Path path = Path.of(name);
        if (Files.exists(path)) {
            return path;
        }
        for (Path folder : folders()) {
            for (Path candidate : List.of(folder.resolve(name), folder.resolve(name + SUFFIX))) {
                if (Files.exists(candidate)) {
                    return candidate;
                }
            }
        }
        return places.snapshot(name, CONFIG).orElse(path);
    }

    /** Returns every control network that can be named, with its path. */
    public Map<String, Path> all() {
        Map<String, Path> found = new TreeMap<>();
        for (Path entry : ModelPlaces.list(places.hubCache())) {
            String folder = String.valueOf(entry.getFileName());
            if (folder.startsWith(CACHED)) {
                String name = folder.substring(CACHED.length()).replace("--", "/");
                places.snapshot(name, CONFIG)
                        .filter(ControlFinder::isControl)
                        .ifPresent(path -> found.put(name, path));
            }
        }
        for (Path folder : folders()) {
            for (Path entry : ModelPlaces.list(folder)) {
                name(entry)
                        .filter(name -> !found.containsKey(name) && isControl(entry))
                        .ifPresent(name -> found.put(name, entry));
            }
        }
        return found;
    }

    /** Returns the model folder and the further ones. */
    public List<Path> folders() {
        List<Path> folders = new ArrayList<>(List.of(places.folder()));
        folders.addAll(further);
        return folders;
    }

    private static Optional<String> name(Path entry) {
        String file = String.valueOf(entry.getFileName());
        if (Files.exists(entry.resolve(CONFIG))) {
            return Optional.of(file);
        }
        return file.endsWith(SUFFIX)
                ? Optional.of(file.substring(0, file.length() - SUFFIX.length()))
                : Optional.empty();
    }

    private static boolean isControl(Path path) {
        try (ControlSource source = ControlSource.open(path)) {
            return !source.weights().names().isEmpty();
        } catch (UserException e) {
            return false;
        }
    }
}
