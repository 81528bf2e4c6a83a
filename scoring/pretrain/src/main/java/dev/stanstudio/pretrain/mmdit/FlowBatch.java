package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.RectifiedFlow;
import dev.stanstudio.training.StepRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Holds the tensors of one step of a transformer's training.
 *
 * @param latents [B, C, H, W]
 * @param noise [B, C, H, W], standard normal
 * @param sigmas [B], noise levels
 * @param tokens [B, M, joint width]
 * @param pooled [B, pooled width]
 */
record FlowBatch(Tensor latents, Tensor noise, List<Double> sigmas, Tensor tokens, Tensor pooled) {
    private static final long HELD_OUT_SEED = 77;

    /**
     * The batch of step {@code step}: items with replacement, logit-normal noise levels, captions
     * dropped with probability {@code dropout}.
     */
    static FlowBatch draw(
            Scope scope, BaseData data, int size, double dropout, long seed, long step) {
        SplittableRandom random = StepRandom.of(seed, step);
        long[] items = new long[size];
        long[] captions = new long[size];
        List<Double> sigmas = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int item = random.nextInt(data.count());
            items[i] = item;
            captions[i] =
                    random.nextDouble() < dropout
                            ? CaptionTable.EMPTY
                            : data.captions().rowOf().get(item);
            sigmas.add(1 / (1 + Math.exp(-random.nextGaussian())));
        }
        long noiseSeed = random.nextLong() >>> 1;
        return of(scope, data, data.latents(), items, captions, sigmas, noiseSeed);
    }

    /** Held-out items {@code part · size …} with fixed noise and noise levels spread evenly. */
    static FlowBatch heldOut(Scope scope, BaseData data, int part, int size) {
        long[] items = new long[size];
        long[] captions = new long[size];
        List<Double> sigmas = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int item = part * size + i;
            items[i] = item;
            captions[i] = data.captions().rowOf().get(data.count() + item);
            sigmas.add((i + 0.5) / size);
        }
        return of(scope, data, data.heldOut(), items, captions, sigmas, HELD_OUT_SEED + part);
    }

    private static FlowBatch of(
            Scope scope,
            BaseData data,
            Tensor latents,
            long[] items,
            long[] captions,
            List<Double> sigmas,
            long noiseSeed) {
        Tensor rows = Tensors.of(scope, items, items.length);
        Tensor texts = Tensors.of(scope, captions, captions.length);
        Tensor picked = RectifiedFlow.pick(scope, latents, rows);
        Tensor noise =
                RandomSource.seeded(scope, noiseSeed).normal(scope, picked.shape(), DType.FP32);
        return new FlowBatch(
                picked,
                noise,
                sigmas,
                RectifiedFlow.pick(scope, data.captions().tokens(), texts),
                RectifiedFlow.pick(scope, data.captions().pooled(), texts));
    }

    /** The noise levels times {@code factor}. */
    double[] sigmas(double factor) {
        return sigmas.stream().mapToDouble(sigma -> sigma * factor).toArray();
    }

    /** Rows {@code from … to−1}. */
    FlowBatch rows(Scope scope, long from, long to) {
        return new FlowBatch(
                Tensors.narrow(scope, latents, 0, from, to),
                Tensors.narrow(scope, noise, 0, from, to),
                sigmas.subList((int) from, (int) to),
                Tensors.narrow(scope, tokens, 0, from, to),
                Tensors.narrow(scope, pooled, 0, from, to));
    }
}
