package dev.stanstudio.adapter.training;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.CaptionEncoder;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import dev.stanstudio.training.FrozenWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The text encoders whose adapters are trained, frozen themselves, so that captions are encoded
 * within each step. What the other encoders make of a caption is taken from its earlier embedding.
 * Thread-safe.
 */
final class TrainedTowers implements AutoCloseable {
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final Placement placement;
    private final CaptionEncoder encoder;

    /**
     * Opens {@code towers} of {@code source}, which stay in memory as they compute.
     *
     * @param reading how captions are read
     */
    TrainedTowers(
            ModelSource source,
            LoadOptions options,
            Set<TextTower> towers,
            PromptEncoder.Reading reading) {
        placement = options.placement();
        try (Autograd recording = Autograd.record()) {
            ModelSource.ClipPart l = source.clip(1);
            ModelSource.ClipPart g = source.clip(2);
            boolean readsT5 = reading.useT5() && source.t5().isPresent();
            encoder =
                    new CaptionEncoder(
                            Optional.of(TextTower.CLIP_L)
                                    .filter(towers::contains)
                                    .map(t -> clip(t, l)),
                            Optional.of(TextTower.CLIP_G)
                                    .filter(towers::contains)
                                    .map(t -> clip(t, g)),
                            source.t5().filter(t -> towers.contains(TextTower.T5)).map(this::t5),
                            new CaptionEncoder.Widths(
                                    l.config().hiddenSize(),
                                    l.config().projectionDim(),
                                    g.config().hiddenSize(),
                                    source.transformerConfig().jointAttentionDim(),
                                    readsT5 ? reading.t5Length() : 1));
        } catch (RuntimeException | Error e) {
            Closing.after(e, this);
            throw e;
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.add(0, resource);
        return resource;
    }

    private PromptEncoder.Clip clip(TextTower tower, ModelSource.ClipPart part) {
        ClipTextEncoder network =
                own(
                        ClipTextEncoder.load(
                                tower.component(),
                                part.config(),
                                new FrozenWeights(part.weights()),
                                placement,
                                false));
        return new PromptEncoder.Clip(
                tower.label(), network, own(Tokenizer.load(part.tokenizer())));
    }

    private PromptEncoder.T5 t5(ModelSource.T5Part part) {
        T5Encoder network =
                own(
                        T5Encoder.load(
                                part.config(),
                                new FrozenWeights(part.weights()),
                                placement,
                                false));
        return new PromptEncoder.T5(network, own(Tokenizer.load(part.tokenizer())));
    }

    /**
     * Encodes captions; {@code scope} owns the result.
     *
     * @param known their embeddings without adapters
     * @param adapters of the encoders
     */
    CaptionEncoder.Rows encode(
            Scope scope, List<String> captions, CaptionEncoder.Rows known, TextAdapters adapters) {
        return encoder.encode(
                scope,
                captions,
                new CaptionEncoder.Rows(
                        placed(scope, known.tokens()), placed(scope, known.pooled())),
                adapters);
    }

    private Tensor placed(Scope scope, Tensor tensor) {
        Tensor moved = Tensors.to(scope, tensor, placement.device(), placement.dtype());
        return Tensors.recordable(scope, moved);
    }

    @Override
    public void close() {
        Closing.all(owned);
    }
}
