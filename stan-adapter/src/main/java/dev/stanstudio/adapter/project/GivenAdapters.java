package dev.stanstudio.adapter.project;

import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.text.TextAdapters;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Gives a pipeline the adapters that were set, whatever a request names, and tells after each
 * block, so that what they recorded can be read. Belongs to one thread.
 */
public final class GivenAdapters implements AdapterLoader {
    private final TextAdapters text;
    private Adapters adapters;
    private IntConsumer afterBlock = block -> {};

    /** Gives {@code adapters}, which this does not own. */
    public GivenAdapters(Adapters adapters) {
        this(adapters, TextAdapters.NONE);
    }

    /** Gives {@code adapters}, and {@code text} to the text encoders. */
    public GivenAdapters(Adapters adapters, TextAdapters text) {
        this.adapters = adapters;
        this.text = text;
    }

    /** Gives others from now on. */
    public void set(Adapters others) {
        adapters = others;
    }

    /** Sets the receiver of the number of each block that has run. */
    public void onBlock(IntConsumer receiver) {
        afterBlock = receiver;
    }

    @Override
    public Loaded load(
            Sd3Model model,
            List<WeightedAdapter> uses,
            List<FeatureChange> features,
            Consumer<String> warnings) {
        Adapters given = adapters;
        return new Loaded() {
            @Override
            public Adapters adapters(int step) {
                return given;
            }

            @Override
            public TextAdapters text() {
                return text;
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
