package dev.stanstudio.web.library;

import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.nio.file.Path;

/** Names adapters for people: by the folder or file of each, and by the beginning of its hash. */
public final class AdapterNames {
    private static final int SHORT = 10;

    private AdapterNames() {}

    /**
     * Returns the name of the adapter at {@code path}: of one that was trained its training's, of a
     * saved state with its step.
     */
    public static String of(Path path) {
        return AdapterPlace.of(path).shown();
    }

    /** Returns the name of the adapter that a request uses. */
    public static String of(WeightedAdapter use) {
        return of(use.toPath());
    }

    /** Returns the beginning of a hash, enough to tell adapters apart. */
    public static String shortHash(String sha256) {
        return sha256.length() > SHORT ? sha256.substring(0, SHORT) : sha256;
    }

    static String last(Path path) {
        return String.valueOf(path.getFileName());
    }
}
