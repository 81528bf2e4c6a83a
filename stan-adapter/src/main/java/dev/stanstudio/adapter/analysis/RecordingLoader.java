package dev.stanstudio.adapter.analysis;

import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Gives a pipeline one adapter that records its features, whatever it asks for, and tells after
 * each block. Belongs to one thread.
 */
final class RecordingLoader implements AdapterLoader {
    private final Adapters adapters;
    private IntConsumer afterBlock = block -> {};

    /** Gives {@code adapters}, which it does not own. */
    RecordingLoader(Adapters adapters) {
        this.adapters = adapters;
    }

    /** Sets the receiver of the number of each block that has run. */
    void onBlock(IntConsumer receiver) {
        afterBlock = receiver;
    }

    @Override
    public Loaded load(
            Sd3Model model,
            List<WeightedAdapter> uses,
            List<FeatureChange> features,
            Consumer<String> warnings) {
        return new Loaded() {
            @Override
            public Adapters adapters(int step) {
                return adapters;
            }

            @Override
            public void afterBlock(int index) {
                afterBlock.accept(index);
            }

            @Override
            public List<WeightedAdapter> uses() {
                return uses;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
