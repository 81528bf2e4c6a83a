package dev.stanstudio.web.grid;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Checks and hashes the adapters of a grid before it makes a picture. */
final class GridAdapters {
    private GridAdapters() {}

    /**
     * Returns the adapters of each method with their hashes; loading them also shows that they fit
     * the model.
     *
     * @param warnings takes a line for each part of them that is not applied
     */
    static Map<Method, List<WeightedAdapter>> hashed(
            Sd3Model model, Stream<Method> methods, Consumer<String> warnings) {
        Map<Method, List<WeightedAdapter>> hashed = new HashMap<>();
        methods.distinct()
                .forEach(method -> hashed.put(method, hashed(model, method.adapters(), warnings)));
        return hashed;
    }

    /**
     * Compares the adapters that made a picture with those that the grid began with.
     *
     * @throws UserException if a file was replaced or edited meanwhile: the list would name the
     *     one, and the picture would be the other's
     */
    static void requireUnchanged(List<WeightedAdapter> begun, List<WeightedAdapter> used) {
        for (int i = 0; i < begun.size(); i++) {
            if (!begun.get(i).agrees(used.get(i))) {
                throw new UserException(
                        ("%s has changed since the grid began; put it back as it was, or draw the"
                                        + " grid into another folder with --out")
                                .formatted(begun.get(i).path()));
            }
        }
    }

    private static List<WeightedAdapter> hashed(
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
