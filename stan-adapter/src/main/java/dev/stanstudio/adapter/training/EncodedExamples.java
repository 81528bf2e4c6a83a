package dev.stanstudio.adapter.training;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.ResampleFilter;
import dev.stanstudio.datasets.picture.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;

/**
 * Pictures and captions encoded once and kept in memory, so that the encoders can go. Every picture
 * keeps its own caption whatever order a training takes them in. Pictures are scaled until their
 * short side fits and cut to the middle square, as the reference's script does without flips.
 */
public final class EncodedExamples implements Examples, AutoCloseable {
    /**
     * A picture to learn from.
     *
     * @param file the picture
     * @param caption what it shows
     */
    public record Item(Path file, String caption) {}

    private final Scope scope = Scope.open("examples");
    private final List<Tensor> moments = new ArrayList<>();
    private final List<PromptEmbeds> captions = new ArrayList<>();
    private final Map<String, PromptEmbeds> byText = new HashMap<>();

    /**
     * Encodes {@code items}.
     *
     * @param side of the squares in pixels, divisible by 16
     * @param reading how captions are read
     * @param progress told how many pictures are done
     * @throws UserException if there are none or one cannot be read
     * @throws CancellationException if the thread is interrupted
     */
    public static EncodedExamples encode(
            List<Item> items,
            int side,
            Vae vae,
            PromptEncoder prompts,
            PromptEncoder.Reading reading,
            IntConsumer progress) {
        EncodedExamples examples = new EncodedExamples();
        try {
            examples.read(prompts, reading, "");
            for (Item item : items) {
                examples.moments.add(examples.moments(vae, item.file(), side));
                examples.captions.add(examples.read(prompts, reading, item.caption()));
                progress.accept(examples.moments.size());
            }
            return examples;
        } catch (RuntimeException | Error e) {
            examples.close();
            throw e;
        }
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
                            local, Prompt.of(text), reading, EncodedExamples::checkInterrupt);
            // Written out, since captions of one batch may repeat their last token differently.
            PromptEmbeds kept =
                    new PromptEmbeds(
                            kept(embeds.expanded(local)), kept(embeds.pooled()), 1, List.of());
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
        Picture picture = square(Picture.readUpright(file).onWhite(), side);
        try (Scope local = Scope.open("picture")) {
            Tensor bytes =
                    Tensors.ofBytes(
                            local, ByteBuffer.wrap(picture.samples()), DType.UINT8, side, side, 3);
            Tensor made =
                    vae.encode(
                            local,
                            vae.fromBytes(local, bytes),
                            false,
                            EncodedExamples::checkInterrupt);
            return Tensors.to(scope, made, Device.CPU, DType.FP32);
        }
    }

    /** {@code picture} scaled until its short side fits and cut to the middle square. */
    public static Picture square(Picture picture, int side) {
        double scale = (double) side / Math.min(picture.width(), picture.height());
        int width = Math.max(side, (int) Math.round(picture.width() * scale));
        int height = Math.max(side, (int) Math.round(picture.height() * scale));
        Picture scaled =
                picture.width() == width && picture.height() == height
                        ? picture
                        : Resampler.of(ResampleFilter.BILINEAR).resize(picture, width, height);
        return scaled.crop((width - side) / 2, (height - side) / 2, side, side);
    }

    @Override
    public int count() {
        return moments.size();
    }

    @Override
    public Example get(int index) {
        PromptEmbeds caption = captions.get(index);
        return new Example(moments.get(index), caption.tokens(), caption.pooled());
    }

    @Override
    public Example withoutCaption(int index) {
        PromptEmbeds empty = byText.get("");
        if (empty == null) {
            throw new IllegalStateException("the empty caption is read first");
        }
        return new Example(moments.get(index), empty.tokens(), empty.pooled());
    }

    @Override
    public void close() {
        scope.close();
    }
}
