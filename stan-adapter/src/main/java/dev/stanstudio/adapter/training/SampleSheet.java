package dev.stanstudio.adapter.training;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.schedule.SigmaTable;
import dev.stanstudio.sd3.schedule.Spacing;
import dev.stanstudio.sd3.text.CaptionEncoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RectifiedFlow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Draws captions of a collection by the transformer as it is, above, and with the adapter in
 * training, below, from the same fixed noise (Euler, the model's own schedule). Belongs to one
 * thread.
 */
public final class SampleSheet {
    private static final int GAP = 2;
    private static final long SEED = 5;

    /**
     * Settings of the pictures.
     *
     * @param count how many captions
     * @param steps of the sampler
     * @param guidance scale of classifier-free guidance
     */
    public record Drawing(int count, int steps, double guidance) {}

    /** Encodes captions as a training does. */
    interface Reader {
        /**
         * Returns the embeddings of {@code captions}; {@code scope} owns them.
         *
         * @param known those without adapters
         */
        CaptionEncoder.Rows read(Scope scope, List<String> captions, CaptionEncoder.Rows known);
    }

    private final Mmdit transformer;
    private final Vae vae;
    private final ScheduleConfig schedule;
    private final Examples captions;
    private final Drawing drawing;
    private final List<Picture> plain = new ArrayList<>();

    /**
     * A sheet.
     *
     * @param vae decodes; it is read when the first sheet is drawn
     * @param captions the first of them are drawn, in the size of the very first
     */
    public SampleSheet(
            Mmdit transformer,
            Vae vae,
            ScheduleConfig schedule,
            Examples captions,
            Drawing drawing) {
        this.transformer = transformer;
        this.vae = vae;
        this.schedule = schedule;
        this.captions = captions;
        this.drawing = drawing;
    }

    /**
     * The sheet with the adapter as it is now.
     *
     * @param reader of captions, with the adapter
     */
    Picture draw(Adapters adapters, Reader reader) {
        int count = Math.min(drawing.count(), captions.count());
        try (Autograd paused = Autograd.pause()) {
            for (int i = plain.size(); i < count; i++) {
                plain.add(draw(i, null, (scope, captions, known) -> known));
            }
            List<Picture> all = new ArrayList<>(plain);
            for (int i = 0; i < count; i++) {
                all.add(draw(i, adapters, reader));
            }
            return PictureGrid.of(all, count, GAP);
        }
    }

    private Picture draw(int index, @Nullable Adapters adapters, Reader reader) {
        try (Scope scope = Scope.open("sample")) {
            long[] shape;
            try (Scope first = Scope.open("size")) {
                shape = captions.open(first, 0, false, true).moments().shape();
            }
            shape[1] /= 2;
            RandomSource random = RandomSource.seeded(scope, SEED + index);
            Tensor z = moved(scope, random.normal(scope, shape, DType.FP32), DType.FP32);
            int patch = transformer.config().patchSize();
            int tokens = (int) (shape[2] / patch * (shape[3] / patch));
            float[] sigmas = sigmas(tokens);
            Mmdit.Conditioning text = text(scope, index, adapters, reader);
            for (int step = 0; step + 1 < sigmas.length; step++) {
                Tensor next = step(scope, z, text, sigmas[step], sigmas[step + 1]);
                scope.release(z);
                z = next;
            }
            return decode(scope, z, shape);
        }
    }

    private float[] sigmas(int tokens) {
        Spacing spacing = Spacing.steps(drawing.steps());
        return SigmaTable.of(schedule, SamplerKind.EULER, spacing, schedule.mu(tokens)).sigmas();
    }

    /** The empty caption's row, then the caption's. */
    private Mmdit.Conditioning text(
            Scope scope, int index, @Nullable Adapters adapters, Reader reader) {
        Examples.Example empty = captions.open(scope, index, false, false);
        Examples.Example own = captions.open(scope, index, false, true);
        DType dtype = transformer.placement().dtype();
        Tensor tokens = Tensors.concat(scope, List.of(empty.tokens(), own.tokens()), 0);
        Tensor pooled = Tensors.concat(scope, List.of(empty.pooled(), own.pooled()), 0);
        CaptionEncoder.Rows known =
                new CaptionEncoder.Rows(moved(scope, tokens, dtype), moved(scope, pooled, dtype));
        List<String> captions =
                Stream.concat(empty.captions().stream(), own.captions().stream()).toList();
        CaptionEncoder.Rows read = reader.read(scope, captions, known);
        return transformer.condition(
                scope, read.tokens(), read.pooled(), own.lastRepeats(), adapters);
    }

    private Tensor moved(Scope scope, Tensor tensor, DType dtype) {
        return Tensors.to(scope, tensor, transformer.placement().device(), dtype);
    }

    private Tensor step(
            Scope scope, Tensor z, Mmdit.Conditioning text, float sigma, float following) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while drawing samples");
        }
        double time = sigma * AdapterStep.TIMESTEPS;
        try (Scope local = Scope.open("step")) {
            Tensor twice = Tensors.concat(local, List.of(z, z), 0);
            Tensor velocity =
                    transformer.forward(
                            local,
                            moved(local, twice, transformer.placement().dtype()),
                            new double[] {time, time},
                            text,
                            Perturbation.NONE,
                            block -> {});
            Tensor exact = moved(local, velocity, DType.FP32);
            return RectifiedFlow.euler(scope, z, exact, drawing.guidance(), following - sigma);
        }
    }

    private Picture decode(Scope scope, Tensor z, long[] shape) {
        Tensor latents = Tensors.to(scope, z, vae.placement().device(), vae.placement().dtype());
        Tensor made = vae.decode(scope, vae.denormalise(scope, latents), false, () -> {});
        int factor = vae.config().factor();
        int width = Math.toIntExact(shape[3] * factor);
        int height = Math.toIntExact(shape[2] * factor);
        byte[] samples = Vae.toBytes(scope, Vae.toPicture(scope, made)).toBytes();
        return Picture.of(width, height, PixelMode.RGB, samples);
    }
}
