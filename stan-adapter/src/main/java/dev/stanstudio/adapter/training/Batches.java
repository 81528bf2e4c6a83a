package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.StepRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of a training. What is drawn for a step follows from the seed and its number
 * alone. The given scope owns a batch.
 *
 * @param table the model's noise levels
 * @param vae the autoencoder that made the examples; only its shift and scale are used
 * @param examples to learn from
 * @param known not to be forgotten, or null
 */
record Batches(
        AdapterTrainingSettings settings,
        TrainingTable table,
        Vae vae,
        Examples examples,
        @Nullable KnownPictures known) {
    /**
     * Returns the batch of step {@code number}: captions are dropped, pictures flipped, noise
     * levels and noises drawn.
     *
     * @param chosen places of its pictures
     */
    TrainingBatch drawn(Scope scope, int[] chosen, long number) {
        Random random = new Random(StepRandom.of(settings.seed(), number).nextLong());
        List<Examples.Example> rows = new ArrayList<>();
        List<Double> sigmas = new ArrayList<>();
        draw(scope, examples, chosen, random, rows, sigmas);
        List<Double> factors = new ArrayList<>();
        if (known != null) {
            Examples.Prior prior = known.prior();
            draw(scope, prior.examples(), known.order().chosen(number), random, rows, sigmas);
            // The mean over both halves: that of the pictures, and the weighted one of the prior.
            factors.addAll(Collections.nCopies(chosen.length, 2.0));
            factors.addAll(Collections.nCopies(chosen.length, 2 * prior.weight()));
        }
        return of(scope, rows, sigmas, factors, random.nextLong() >>> 1);
    }

    private void draw(
            Scope scope,
            Examples from,
            int[] places,
            Random random,
            List<Examples.Example> rows,
            List<Double> sigmas) {
        for (int index : places) {
            boolean captioned = random.nextDouble() >= settings.captionDropout();
            boolean flipped = from.flips() && random.nextBoolean();
            rows.add(from.open(scope, index, flipped, captioned));
            sigmas.add(settings.levels().draw(random, table));
        }
    }

    /** Returns a batch of one example at a noise level. */
    TrainingBatch of(Scope scope, Examples.Example example, double sigma, long noiseSeed) {
        return of(scope, List.of(example), List.of(sigma), List.of(), noiseSeed);
    }

    private TrainingBatch of(
            Scope scope,
            List<Examples.Example> rows,
            List<Double> sigmas,
            List<Double> factors,
            long noiseSeed) {
        Tensor moments = concat(scope, rows.stream().map(Examples.Example::moments).toList());
        int each = (int) rows.get(0).moments().size(0);
        long[] shape = moments.shape();
        shape[0] /= each;
        shape[1] /= 2;
        RandomSource random = RandomSource.seeded(scope, noiseSeed);
        Tensor posterior = repeated(scope, random.normal(scope, shape, DType.FP32), each);
        Tensor noise = repeated(scope, random.normal(scope, shape, DType.FP32), each);
        return new TrainingBatch(
                vae.sample(scope, moments, posterior),
                concat(scope, rows.stream().map(Examples.Example::tokens).toList()),
                concat(scope, rows.stream().map(Examples.Example::pooled).toList()),
                rows.get(0).lastRepeats(),
                noise,
                sigmas.stream().flatMap(s -> Collections.nCopies(each, s).stream()).toList(),
                new Emphasis(factors, masks(scope, rows, shape)),
                rows.stream().flatMap(row -> row.captions().stream()).toList());
    }

    /** The rows of an example share noise and level, so that their losses can be compared. */
    private static Tensor repeated(Scope scope, Tensor rows, int each) {
        return each == 1 ? rows : Tensors.repeatRows(scope, rows, each);
    }

    /** A picture without a mask counts everywhere. */
    private static List<Tensor> masks(Scope scope, List<Examples.Example> rows, long[] latents) {
        if (rows.stream().allMatch(row -> row.mask() == null)) {
            return List.of();
        }
        float[] ones = new float[(int) (latents[2] * latents[3])];
        Arrays.fill(ones, 1);
        Tensor everywhere = Tensors.of(scope, ones, 1, 1, latents[2], latents[3]);
        List<Tensor> masks =
                rows.stream()
                        .map(row -> Objects.requireNonNullElse(row.mask(), everywhere))
                        .toList();
        return List.of(concat(scope, masks));
    }

    private static Tensor concat(Scope scope, List<Tensor> tensors) {
        return Tensors.concat(scope, tensors, 0);
    }
}
