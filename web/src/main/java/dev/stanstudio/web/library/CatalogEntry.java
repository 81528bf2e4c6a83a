package dev.stanstudio.web.library;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An adapter that the studio found.
 *
 * @param name the folder's name
 * @param problem why it cannot be used; empty when it can
 * @param settings the kind's settings as text
 * @param parameters numbers it stores
 * @param base name of the model it was trained on; empty when it does not say
 * @param training how it was trained, as its record tells
 * @param notApplied what of its file no picture has, a line for each kind
 * @param log the log of its training, where it lies beside it
 */
public record CatalogEntry(
        String name,
        Path path,
        String problem,
        String kind,
        String settings,
        List<String> modules,
        long parameters,
        long bytes,
        String sha256,
        String base,
        Map<String, String> training,
        List<String> notApplied,
        Optional<Path> log) {
    private static final int SHORT = 10;

    /** The beginning of the hash, for people. */
    public String shortHash() {
        return sha256.length() > SHORT ? sha256.substring(0, SHORT) : sha256;
    }

    /** Whether it can be used. */
    public boolean usable() {
        return problem.isEmpty();
    }

    /** Parameters with a unit, for people. */
    public String size() {
        if (parameters >= 1_000_000) {
            return String.format(java.util.Locale.ROOT, "%.1f M", parameters / 1e6);
        }
        return parameters >= 1_000
                ? String.format(java.util.Locale.ROOT, "%.1f k", parameters / 1e3)
                : String.valueOf(parameters);
    }
}
