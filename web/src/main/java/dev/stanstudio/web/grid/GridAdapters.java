package dev.stanstudio.web.grid;

import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import java.util.List;
import java.util.function.Consumer;

/** What a grid asks of adapters before it makes a picture. */
final class GridAdapters {
    private GridAdapters() {}

    /**
     * The adapters with their hashes; loading them also shows that they fit the model.
     *
     * @param warnings told what of them is not applied
     */
    static List<AdapterUse> hashed(
            Sd3Model model, List<AdapterUse> uses, Consumer<String> warnings) {
        if (uses.isEmpty()) {
            return uses;
        }
        // The loader keeps what it read until it is closed itself.
        try (AdapterLoader loader = AdapterLoader.find();
                AdapterLoader.Loaded loaded = loader.load(model, uses, List.of(), warnings)) {
            return loaded.uses();
        }
    }
}
