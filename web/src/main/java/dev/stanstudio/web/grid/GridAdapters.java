package dev.stanstudio.web.grid;

import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.List;
import java.util.function.Consumer;

/** Checks and hashes the adapters of a grid before it makes a picture. */
final class GridAdapters {
    private GridAdapters() {}

    /**
     * Returns the adapters with their hashes; loading them also shows that they fit the model.
     *
     * @param warnings takes a line for each part of them that is not applied
     */
    static List<WeightedAdapter> hashed(
            Sd3Model model, List<WeightedAdapter> uses, Consumer<String> warnings) {
        if (uses.isEmpty()) {
            return uses;
        }
        // The loader holds what it read until it is closed itself.
        try (AdapterLoader loader = AdapterLoader.find();
                AdapterLoader.Loaded loaded = loader.load(model, uses, List.of(), warnings)) {
            return loaded.uses();
        }
    }
}
