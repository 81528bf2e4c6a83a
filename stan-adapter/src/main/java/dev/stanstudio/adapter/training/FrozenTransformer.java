package dev.stanstudio.adapter.training;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.training.FrozenWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * A transformer that gradients pass through without changing it, and its weights: as it computes,
 * in eight bits that each use of a block widens, or read at each use. Thread-safe.
 */
final class FrozenTransformer implements AutoCloseable {
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final Mmdit network;

    /**
     * Opens the transformer of {@code source}.
     *
     * @throws dev.stanstudio.base.UserException if its weights cannot be quantised
     */
    FrozenTransformer(ModelSource source, LoadOptions options) {
        QuantisedWeights.requireWide(source.name(), source.transformer(), options.quantization());
        Weights weights = weights(source, options);
        try (Autograd recording = Autograd.record()) {
            network =
                    Mmdit.trainable(
                            source.transformerConfig(),
                            new FrozenWeights(weights),
                            options.placement(),
                            streams(options));
        } catch (RuntimeException | Error e) {
            Closing.after(e, this);
            throw e;
        }
        owned.add(0, network);
    }

    private Weights weights(ModelSource source, LoadOptions options) {
        if (!options.quantization().small()) {
            return source.transformer();
        }
        QuantisedWeights small =
                new QuantisedWeights(
                        source.transformer(), options.quantization(), options.device());
        owned.add(small);
        return small;
    }

    /** Returns whether blocks are made for each use. */
    static boolean streams(LoadOptions options) {
        return options.quantization().small() || options.offload() == Offload.BLOCKS;
    }

    /** Returns the network. */
    Mmdit network() {
        return network;
    }

    @Override
    public void close() {
        Closing.all(owned);
    }
}
