package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.training.Examples;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.BlockListener;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RectifiedFlow;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows real pictures to the base model with its adapter and reads what the adapter's features do:
 * latents with noise added as in training, at fixed levels, from a seed that belongs to the
 * picture. Belongs to one thread.
 */
final class FeatureReader implements AutoCloseable {
    private static final double TIMESTEPS = 1000;

    private static final class Holder {
        static final Program PROGRAM = Program.load(FeatureReader.class, "analysis.ts.py");
    }

    private final Scope scope = Scope.open("probe");
    private final Mmdit transformer;
    private final Vae vae;
    private final AdapterSource source;
    private final LoadedAdapters adapter;
    private final Map<String, Tensor> strengths = new LinkedHashMap<>();
    private final List<Double> sigmas;
    private final boolean magnitude;

    /**
     * @param layers which modules are read
     * @param sigmas noise levels
     * @param magnitude whether |activation| times the length of the direction counts, instead of
     *     the positive part
     */
    FeatureReader(
            Mmdit transformer,
            Vae vae,
            LoadedAdapters.Weighted adapter,
            List<String> layers,
            List<Double> sigmas,
            boolean magnitude) {
        this.transformer = transformer;
        this.vae = vae;
        this.source = adapter.source();
        this.sigmas = List.copyOf(sigmas);
        this.magnitude = magnitude;
        int blocks = transformer.config().numLayers();
        this.adapter =
                scope.own(
                        LoadedAdapters.recording(adapter, layers, blocks, transformer.placement()));
        for (String layer : layers) {
            strengths.put(layer, strength(layer));
        }
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    int levels() {
        return sigmas.size();
    }

    Set<String> layers() {
        return strengths.keySet();
    }

    private Tensor direction(Scope local, String layer) {
        ProjectionPart part = source.part(layer);
        String decoder = part.decoder();
        Tensor stored = source.open(local, layer, decoder == null ? part.encoder() : decoder);
        Tensor whole = Tensors.to(local, stored, Device.CPU, DType.FP32);
        return decoder == null ? program().call(local, "transposed", whole) : whole;
    }

    private Tensor strength(String layer) {
        ProjectionPart part = source.part(layer);
        String gate = part.gate();
        try (Scope local = Scope.open("strength")) {
            float[] ones = new float[Math.toIntExact(part.features())];
            Arrays.fill(ones, 1);
            Tensor gates =
                    gate == null
                            ? Tensors.of(local, ones, ones.length)
                            : source.open(local, layer, gate);
            Tensor lengths = program().call(local, "lengths", direction(local, layer), gates);
            return Tensors.to(scope, lengths, transformer.placement().device(), DType.FP32);
        }
    }

    /** For each feature of {@code layer} the nearest other direction and its cosine, [2, l]. */
    float[] nearest(String layer) {
        try (Scope local = Scope.open("nearest")) {
            return program().call(local, "nearest", direction(local, layer)).toFloats();
        }
    }

    /** Reads the features that were recorded in a forward pass. */
    interface Reader {
        /** Reads {@code layer}; {@code recorded} is closed after the call. */
        void read(Scope local, String layer, TensorList recorded);
    }

    /**
     * Shows a picture at every noise level at once and passes on every layer, those of a block as
     * soon as it has run, so that no more than a block's features are held.
     *
     * @param number seed of its noise
     */
    void show(Examples.Example example, long number, Reader reader) {
        try (Scope local = Scope.open("picture")) {
            forward(
                    local,
                    example,
                    number,
                    new BlockListener() {
                        @Override
                        public void beforeBlock(int index) {}

                        @Override
                        public void afterBlock(int index) {
                            read(index, reader);
                        }
                    });
            read(MmditSlot.OUTSIDE, reader);
        }
    }

    private void read(int block, Reader reader) {
        for (String layer : strengths.keySet()) {
            if (MmditSlot.of(layer).orElseThrow().block() == block) {
                try (Scope local = Scope.open("layer")) {
                    reader.read(local, layer, adapter.recorded(local, layer));
                }
            }
        }
    }

    /** The answer of the network for the picture, [levels, C, H, W]. */
    Tensor forward(Scope local, Examples.Example example, long number, BlockListener listener) {
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
                        Tensors.repeatRows(local, placed(local, example.tokens()), rows),
                        Tensors.repeatRows(local, placed(local, example.pooled()), rows),
                        example.lastRepeats(),
                        adapter.adapters());
        return transformer.forward(
                local,
                Tensors.to(local, noisy, placement.device(), placement.dtype()),
                Arrays.stream(levels).map(s -> TIMESTEPS * s).toArray(),
                text,
                Perturbation.NONE,
                listener);
    }

    private Tensor placed(Scope local, Tensor tensor) {
        Placement placement = transformer.placement();
        return Tensors.to(local, tensor, placement.device(), placement.dtype());
    }

    /** Sums over tokens [levels, 3, l], see analysis.ts.py. */
    float[] totals(Scope local, String layer, TensorList recorded) {
        return program()
                .call(local, "totals", recorded, magnitude, strength(layer, strengths))
                .toFloats();
    }

    /** Activations of one feature by token, the mean over the noise levels: [T]. */
    float[] map(Scope local, String layer, TensorList recorded, int feature) {
        return program()
                .call(local, "map", recorded, magnitude, strength(layer, strengths), feature)
                .toFloats();
    }

    /**
     * Activations of every feature on a grid laid over the picture, the mean over the noise levels:
     * [l, side, side].
     *
     * @param tokens along a side of the picture
     */
    float[] maps(Scope local, String layer, TensorList recorded, long tokens, long side) {
        return program()
                .call(local, "maps", recorded, magnitude, strength(layer, strengths), tokens, side)
                .toFloats();
    }

    static long tokens(TensorList recorded) {
        return program().callLong("tokens", recorded);
    }

    private static Tensor strength(String layer, Map<String, Tensor> strengths) {
        Tensor strength = strengths.get(layer);
        if (strength == null) {
            throw new IllegalArgumentException(layer + " is not probed");
        }
        return strength;
    }

    @Override
    public void close() {
        scope.close();
    }
}
