package dev.stanstudio.web.library;

import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.nio.file.Path;

/** Names adapters for people: by the folder or file of each, and by the beginning of its hash. */
public final class AdapterNames {
    /** The folder within a training's folder that holds the adapter. */
    static final String TRAINED = "adapter";

    private static final int SHORT = 10;

    private AdapterNames() {}

    /** Returns the name of the adapter at {@code path}: of one that was trained its training's. */
    public static String of(Path path) {
        Path parent = path.getParent();
        return last(path).equals(TRAINED) && parent != null && parent.getFileName() != null
                ? last(parent)
                : last(path);
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
