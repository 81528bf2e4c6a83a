package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds metric models by path, or by name: in the model folder, the Hugging Face cache, and among
 * those that come with the program.
 */
public final class MetricModels {
    /** The CLIP that comes with the program. */
    public static final String CLIP_NANO = "clip-nano";

    /** The DINO that comes with the program. */
    public static final String DINO_NANO = "dino-nano";

    /** Set by the launcher to the folder of the metric models that come with the program. */
    private static final String BUILT_IN_FOLDER = "studio.scoring.models";

    private static final String CONFIG = "config.json";

    private final ModelPlaces places;
    private final @Nullable Path builtIn;

    /** A finder for this user. */
    public MetricModels() {
        this(
                ModelPlaces.ofUser(),
                System.getProperty(BUILT_IN_FOLDER) == null
                        ? null
                        : Path.of(System.getProperty(BUILT_IN_FOLDER)));
    }

    MetricModels(ModelPlaces places, @Nullable Path builtIn) {
        this.places = places;
        this.builtIn = builtIn;
    }

    /** The model called {@code name} among those that come with the program. */
    public Optional<Path> comesAlong(String name) {
        return builtIn != null && Files.exists(builtIn.resolve(name).resolve(CONFIG))
                ? Optional.of(builtIn.resolve(name))
                : Optional.empty();
    }

    /**
     * The folder of model {@code name}.
     *
     * @throws ArgumentException that says where was looked
     */
    public Path find(String name) {
        if (Files.isDirectory(Path.of(name))) {
            return Path.of(name);
        }
        Path own = places.folder().resolve(name);
        if (Files.isDirectory(own)) {
            return own;
        }
        return places.snapshot(name, CONFIG)
                .or(() -> comesAlong(name))
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        ("there is no metric model '%s', neither as a folder nor in"
                                             + " %s nor in the Hugging Face cache; fetch it, or"
                                             + " take %s, which comes with the program")
                                                .formatted(name, places.folder(), CLIP_NANO)));
    }
}
