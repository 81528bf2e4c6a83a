package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.training.Examples;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RectifiedFlow;
import java.util.Arrays;
import java.util.List;

/**
 * Shows real pictures with their captions: latents with noise added as in training, at fixed
 * levels, all levels in one pass, from a seed that belongs to the picture.
 */
final class NoisedPictures implements ShownPictures {
    private static final double TIMESTEPS = 1000;

    private final Mmdit transformer;
    private final Vae vae;
    private final FeatureReader reader;
    private final List<Double> sigmas;
    private final ReadExamples examples;
    private final List<ReadPicture> pictures;

    /**
     * Shows {@code pictures}, whose latents are {@code examples}, which this then owns.
     *
     * @param sigmas noise levels
     */
    NoisedPictures(
            Mmdit transformer,
            Vae vae,
            FeatureReader reader,
            List<Double> sigmas,
            ReadExamples examples,
            List<ReadPicture> pictures) {
        this.transformer = transformer;
        this.vae = vae;
        this.reader = reader;
        this.sigmas = List.copyOf(sigmas);
        this.examples = examples;
        this.pictures = List.copyOf(pictures);
    }

    @Override
    public void show(int number, Numbers numbers, Sink sink) {
        FeatureReader.Visitor visitor =
                (local, layer, recorded) -> {
                    if (numbers.reads(layer)) {
                        sink.take(
                                layer,
                                FeatureReader.tokens(recorded),
                                List.of(numbers.of(local, layer, recorded)));
                    }
                };
        try (Scope local = Scope.open("picture")) {
            forward(
                    transformer,
                    vae,
                    reader,
                    sigmas,
                    local,
                    examples.get(number),
                    pictures.get(number).number(),
                    new BlockListener() {
                        @Override
                        public void beforeBlock(int index) {}

                        @Override
                        public void afterBlock(int index) {
                            reader.visit(index, visitor);
                        }
                    });
            reader.visit(MmditSlot.OUTSIDE, visitor);
        }
    }

    /**
     * The answer of the network for a picture, [levels, C, H, W].
     *
     * @param number seed of the picture's noise
     */
    static Tensor forward(
            Mmdit transformer,
            Vae vae,
            FeatureReader reader,
            List<Double> sigmas,
            Scope local,
            Examples.Example example,
            long number,
            BlockListener listener) {
        Placement placement = transformer.placement();
        long[] shape = example.moments().shape();
        shape[1] /= 2;
        RandomSource random = RandomSource.seeded(local, number >>> 1);
        Tensor posterior = random.normal(local, shape, DType.FP32);
        Tensor noise = random.normal(local, shape, DType.FP32);
        int rows = sigmas.size();
        double[] levels = sigmas.stream().mapToDouble(Double::doubleValue).toArray();
        Tensor clean = vae.sample(local, example.moments(), posterior);
        Tensor noisy =
                RectifiedFlow.noisy(
                        local,
                        Tensors.repeatRows(local, clean, rows),
                        Tensors.repeatRows(local, noise, rows),
                        levels,
                        DType.FP32);
        Mmdit.Conditioning text =
                transformer.condition(
                        local,
                        Tensors.repeatRows(local, placed(local, placement, example.tokens()), rows),
                        Tensors.repeatRows(local, placed(local, placement, example.pooled()), rows),
                        example.lastRepeats(),
                        reader.adapters());
        return transformer.forward(
                local,
                placed(local, placement, noisy),
                Arrays.stream(levels).map(s -> TIMESTEPS * s).toArray(),
                text,
                Perturbation.NONE,
                listener);
    }

    private static Tensor placed(Scope local, Placement placement, Tensor tensor) {
        return Tensors.to(local, tensor, placement.device(), placement.dtype());
    }

    @Override
    public void close() {
        examples.close();
    }
}
