package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.training.Examples;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.datasets.sample.BucketSize;
import dev.stanstudio.datasets.sample.CropPolicy;
import dev.stanstudio.datasets.sample.Framing;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * The pictures of an analysis with their captions, encoded once by the model that is analysed and
 * kept in memory, so that its text encoders can go. Belongs to one thread.
 */
final class ReadExamples implements AutoCloseable {
    private static final Resampler SMOOTH = Resampler.of(ResampleFilter.BILINEAR);

    private final Scope scope = Scope.open("examples");
    private final TextAdapters adapters;
    private final List<Examples.Example> examples = new ArrayList<>();
    private final Map<String, PromptEmbeds> byText = new HashMap<>();

    /**
     * Encodes {@code pictures}.
     *
     * @param side of the squares in pixels, divisible by 16
     * @param reading how captions are read
     * @param adapters of the text encoders
     * @throws UserException if one cannot be read
     * @throws CancellationException if the thread is interrupted
     */
    ReadExamples(
            Sd3Model model,
            List<ReadPicture> pictures,
            int side,
            PromptEncoder.Reading reading,
            TextAdapters adapters) {
        this.adapters = adapters;
        try {
            for (ReadPicture picture : pictures) {
                Tensor moments = moments(model.vae(), picture.file(), side);
                PromptEmbeds caption = read(model.prompts(), reading, picture.caption());
                examples.add(
                        new Examples.Example(
                                moments,
                                caption.tokens(),
                                caption.pooled(),
                                caption.lastRepeats()));
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Picture {@code index}, with tensors on the CPU that stay until this is closed. */
    Examples.Example get(int index) {
        return examples.get(index);
    }

    private static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while encoding");
        }
    }

    private PromptEmbeds read(PromptEncoder prompts, PromptEncoder.Reading reading, String text) {
        PromptEmbeds known = byText.get(text);
        if (known != null) {
            return known;
        }
        try (Scope local = Scope.open("caption")) {
            PromptEmbeds embeds =
                    prompts.encode(
                            local,
                            Prompt.of(text),
                            reading,
                            adapters,
                            ReadExamples::checkInterrupt);
            PromptEmbeds kept =
                    new PromptEmbeds(
                            kept(embeds.tokens()),
                            kept(embeds.pooled()),
                            embeds.lastRepeats(),
                            List.of());
            byText.put(text, kept);
            return kept;
        }
    }

    private Tensor kept(Tensor tensor) {
        return Tensors.combine(
                scope,
                new double[] {1},
                List.of(Tensors.to(scope, tensor, Device.CPU, tensor.dtype())),
                tensor.dtype());
    }

    private Tensor moments(Vae vae, Path file, int side) {
        Picture picture = square(file, side);
        try (Scope local = Scope.open("picture")) {
            Tensor bytes =
                    Tensors.ofBytes(
                            local, ByteBuffer.wrap(picture.samples()), DType.UINT8, side, side, 3);
            Tensor made =
                    vae.encode(
                            local,
                            vae.fromBytes(local, bytes),
                            false,
                            ReadExamples::checkInterrupt);
            return Tensors.to(scope, made, Device.CPU, DType.FP32);
        }
    }

    /** The picture in {@code file}, brought to a square as trainings do it by default. */
    static Picture square(Path file, int side) {
        Picture picture = Picture.read(file, Reading.SEEN);
        BucketSize size = new BucketSize(side, side);
        return Framing.of(picture.width(), picture.height(), size, CropPolicy.CENTRE, 0, 0)
                .apply(picture, SMOOTH);
    }

    @Override
    public void close() {
        scope.close();
    }
}
