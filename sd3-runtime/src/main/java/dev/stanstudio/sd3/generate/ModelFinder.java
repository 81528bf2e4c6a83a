package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds models by path, or by name: first in the model folder ({@code STUDIO_MODELS}, by default
 * {@code ~/.cache/stan-studio/models}), then in the Hugging Face cache, then among the models that
 * come with the program.
 */
public final class ModelFinder {
    private static final String INDEX = "model_index.json";
    private static final List<String> SUFFIXES = List.of(".safetensors", ".gguf");

    /** The model that comes with the program. */
    public static final String BUILT_IN = "sd3-nano";

    /** Set by the launcher to the folder of the models that come with the program. */
    private static final String BUILT_IN_FOLDER = "studio.models";

    private final ModelPlaces places;
    private final @Nullable Path builtIn;

    /** A finder for this user. */
    public ModelFinder() {
        this(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.getProperty(BUILT_IN_FOLDER) == null
                        ? null
                        : Path.of(System.getProperty(BUILT_IN_FOLDER)));
    }

    ModelFinder(Map<String, String> environment, Path home, @Nullable Path builtIn) {
        this.places = new ModelPlaces(environment, home);
        this.builtIn = builtIn;
    }

    /** Returns true if a model comes with the program. */
    public boolean hasBuiltIn() {
        return builtIn != null && Files.exists(builtIn.resolve(BUILT_IN).resolve(INDEX));
    }

    /**
     * The model called {@code name}, or where it is null the one that comes with the program.
     *
     * @throws ArgumentException as {@link #find}, or if none comes with the program
     */
    public Path findOrBuiltIn(@Nullable String name) {
        if (name == null && !hasBuiltIn()) {
            throw new ArgumentException(
                    "name a model with --model; 'studio doctor' lists the ones it finds");
        }
        return find(name == null ? BUILT_IN : name);
    }

    /** The folder that holds models by name. */
    public Path folder() {
        return places.folder();
    }

    /** The folder of the Hugging Face cache. */
    public Path hubCache() {
        return places.hubCache();
    }

    /**
     * The model called {@code name}.
     *
     * @throws ArgumentException that says where was looked and what there is
     */
    public Path find(String name) {
        Path path = Path.of(name);
        if (Files.exists(path)) {
            return path;
        }
        if (Files.exists(folder().resolve(name))) {
            return folder().resolve(name);
        }
        for (String suffix : SUFFIXES) {
            Path candidate = folder().resolve(name + suffix);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return snapshot(name)
                .or(() -> comesAlong(name))
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        ("there is no model '%s', neither as a path nor in %s nor"
                                                        + " in the Hugging Face cache%s")
                                                .formatted(name, folder(), known())));
    }

    private String known() {
        List<String> names = new ArrayList<>(all().keySet());
        return names.isEmpty() ? "" : "; there are " + String.join(", ", names);
    }

    private Optional<Path> snapshot(String name) {
        return places.snapshot(name, INDEX);
    }

    private Optional<Path> comesAlong(String name) {
        return builtIn != null && Files.exists(builtIn.resolve(name).resolve(INDEX))
                ? Optional.of(builtIn.resolve(name))
                : Optional.empty();
    }

    /** Every model that can be named, with its path. */
    public Map<String, Path> all() {
        Map<String, Path> found = new TreeMap<>();
        if (builtIn != null) {
            for (Path entry : ModelPlaces.list(builtIn)) {
                String name = String.valueOf(entry.getFileName());
                comesAlong(name).ifPresent(path -> found.put(name, path));
            }
        }
        for (Path entry : ModelPlaces.list(hubCache())) {
            String name = String.valueOf(entry.getFileName());
            if (name.startsWith("models--")) {
                String model = name.substring("models--".length()).replace("--", "/");
                snapshot(model).ifPresent(path -> found.put(model, path));
            }
        }
        for (Path entry : ModelPlaces.list(folder())) {
            String name = String.valueOf(entry.getFileName());
            if (Files.exists(entry.resolve(INDEX))) {
                found.put(name, entry);
            }
            for (String suffix : SUFFIXES) {
                if (name.endsWith(suffix)) {
                    String stem = name.substring(0, name.length() - suffix.length());
                    // The whole name where the short one means another model.
                    found.put(find(stem).equals(entry) ? stem : name, entry);
                }
            }
        }
        return found;
    }
}
