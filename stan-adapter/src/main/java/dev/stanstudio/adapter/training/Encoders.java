package dev.stanstudio.adapter.training;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * The networks that stand before the transformer: they are read when something is not yet in the
 * {@link EncodedStore}, and leave memory with {@link #close()}. Belongs to one thread.
 */
public final class Encoders implements AutoCloseable {
    private final Vae vae;
    private final Sd3Model model;
    private final PromptEncoder.Reading reading;
    private final String pictures;
    private final String captions;

    /**
     * The encoders of {@code source}.
     *
     * @param options device, type and form of the text encoders; pictures are encoded in fp32
     * @param reading how captions are read
     */
    public Encoders(ModelSource source, LoadOptions options, PromptEncoder.Reading reading) {
        this.reading = reading;
        // The model owns the files that it is given.
        model = Sd3Model.load(ModelSource.open(source.path(), null, null), options);
        vae =
                Vae.load(
                        model.source().vaeConfig(),
                        model.source().vae(),
                        new Placement(options.device(), DType.FP32));
        pictures = pictureIdentity(model.source());
        List<Weights> towers =
                new ArrayList<>(
                        List.of(
                                model.source().clip(1).weights(),
                                model.source().clip(2).weights()));
        if (reading.useT5()) {
            model.source().t5().ifPresent(part -> towers.add(part.weights()));
        }
        captions =
                Fingerprint.ofWeights(towers)
                        + " "
                        + Fingerprint.ofSettings(
                                model.source().clip(1).config(),
                                model.source().clip(2).config(),
                                model.source().t5().map(ModelSource.T5Part::config))
                        + " "
                        + typed(options)
                        + " "
                        + reading;
    }

    private static String pictureIdentity(ModelSource source) {
        return Fingerprint.ofSettings(
                Fingerprint.ofWeights(List.of(source.vae())), source.vaeConfig());
    }

    /**
     * Returns what decides the numbers of a caption: the type, and the form of T5 if it is small.
     */
    private static String typed(LoadOptions options) {
        Quantization form = options.quantization();
        return options.dtype().label() + (form.small() ? " " + form.label() : "");
    }

    /** Returns the identity of the autoencoder, which decides the latents beside the picture. */
    String pictureKey() {
        return "moments by autoencoder " + pictures;
    }

    /** Everything that decides the embeddings of {@code caption}. */
    String captionKey(String caption) {
        return "caption by text encoders " + captions + "\n" + caption;
    }

    /** The moments [1, 2C, H, W] of a picture in fp32. */
    EncodedStore.Entry picture(Scope scope, Picture picture) {
        try (Scope local = Scope.open("picture")) {
            Tensor bytes =
                    Tensors.ofBytes(
                            local,
                            ByteBuffer.wrap(picture.samples()),
                            DType.UINT8,
                            picture.height(),
                            picture.width(),
                            3);
            Tensor made =
                    vae.encode(local, vae.fromBytes(local, bytes), false, Encoders::checkInterrupt);
            Tensor moments = Tensors.to(scope, made, Device.CPU, DType.FP32);
            return new EncodedStore.Entry(Map.of(), Map.of(EncodedExamples.MOMENTS, moments));
        }
    }

    /** The tokens and the pooled vector of a caption. */
    EncodedStore.Entry caption(Scope scope, String caption) {
        try (Scope local = Scope.open("caption")) {
            PromptEmbeds made =
                    model.prompts()
                            .encode(local, Prompt.of(caption), reading, Encoders::checkInterrupt);
            return new EncodedStore.Entry(
                    Map.of(EncodedExamples.REPEATS, String.valueOf(made.lastRepeats())),
                    Map.of(
                            EncodedExamples.TOKENS, onCpu(scope, made.tokens()),
                            EncodedExamples.POOLED, onCpu(scope, made.pooled())));
        }
    }

    private static Tensor onCpu(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, Device.CPU, tensor.dtype());
    }

    private static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while encoding");
        }
    }

    @Override
    public void close() {
        vae.close();
        model.close();
    }
}
