package dev.stanstudio.adapter.training;

import org.jspecify.annotations.Nullable;

/**
 * The pictures of a prior in the order in which steps take them.
 *
 * @param prior the pictures and their weight
 * @param order of them
 */
record KnownPictures(Examples.Prior prior, ExampleOrder order) {
    /** Returns those of a training, or null where it has none. */
    static @Nullable KnownPictures of(
            AdapterTrainingSettings settings, Examples.@Nullable Prior prior) {
        return prior == null
                ? null
                : new KnownPictures(
                        prior,
                        new ExampleOrder(prior.examples(), settings.batch(), ~settings.seed()));
    }
}
