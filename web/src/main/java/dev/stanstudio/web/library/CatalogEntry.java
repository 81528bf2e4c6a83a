package dev.stanstudio.web.library;

import dev.stanstudio.adapter.file.AdapterNotes;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An adapter that was found on disk: one that can be used, or one that cannot be read. */
public sealed interface CatalogEntry {
    /** Returns the name of its folder or file. */
    String name();

    Path path();

    /** Returns true if it came with the program, which keeps it as it is. */
    boolean builtIn();

    /** Returns its name as a part of an address. */
    default String pathName() {
        return URLEncoder.encode(name(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns the address of its own pages and files. */
    default String address() {
        return "/adapters/" + pathName();
    }

    /** Returns this entry if the adapter can be used. */
    Optional<Usable> usable();

    /** Returns its kind and size, or the reason why it cannot be used. */
    String summary();

    /**
     * An adapter that can be used.
     *
     * @param settings the kind's settings as text
     * @param parameters the count of numbers that it stores
     * @param bytes the size of its file
     * @param settingsSha256 hash of how its tensors are used, such as α and k
     * @param base name of the model it was trained on; empty if its file does not say
     * @param training the training's settings, as its file records them
     * @param notApplied tensors of its file that are not used, a line for each kind
     * @param log the log of its training, if it is beside the adapter
     * @param notes what people wrote about it
     */
    record Usable(
            String name,
            Path path,
            boolean builtIn,
            String kind,
            String settings,
            List<String> modules,
            long parameters,
            long bytes,
            String sha256,
            String settingsSha256,
            String base,
            Map<String, String> training,
            List<String> notApplied,
            Optional<Path> log,
            AdapterNotes notes)
            implements CatalogEntry {
        private static final long MILLION = 1_000_000;
        private static final long THOUSAND = 1_000;

        @Override
        public Optional<Usable> usable() {
            return Optional.of(this);
        }

        @Override
        public String summary() {
            return "%s, %s numbers, %s".formatted(kind, size(), shortHash());
        }

        /** Returns the beginning of the hash, for people. */
        public String shortHash() {
            return AdapterNames.shortHash(sha256);
        }

        /** Returns the states that its training saved beside it, by step. */
        public List<SavedState> savedStates() {
            return SavedState.beside(path);
        }

        /** Returns the use of this adapter, and of no other that comes to its place. */
        public WeightedAdapter weighing(double weight) {
            return new WeightedAdapter(
                    path.toString(), sha256, settingsSha256, weight, List.of(), BlockWeights.ALL);
        }

        /** Returns this adapter under another name. */
        Usable named(String other) {
            return new Usable(
                    other,
                    path,
                    builtIn,
                    kind,
                    settings,
                    modules,
                    parameters,
                    bytes,
                    sha256,
                    settingsSha256,
                    base,
                    training,
                    notApplied,
                    log,
                    notes);
        }

        /** Returns the number of parameters with a unit, for people. */
        public String size() {
            if (parameters >= MILLION) {
                return String.format(Locale.ROOT, "%.1f M", (double) parameters / MILLION);
            }
            return parameters >= THOUSAND
                    ? String.format(Locale.ROOT, "%.1f k", (double) parameters / THOUSAND)
                    : String.valueOf(parameters);
        }
    }

    /**
     * An adapter that cannot be used.
     *
     * @param problem the reason
     */
    record Broken(String name, Path path, boolean builtIn, String problem) implements CatalogEntry {
        @Override
        public Optional<Usable> usable() {
            return Optional.empty();
        }

        @Override
        public String summary() {
            return problem;
        }
    }
}
