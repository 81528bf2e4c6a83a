package dev.stanstudio.sd3.model;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.checkpoint.QuantisedWeights;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Estimates the most memory that drawing a picture or training an adapter takes: the weights that
 * are in memory at the same time, the largest working tensors and the program itself. It is the one
 * estimate of the program: doctor, train and the dry runs of reproduce ask it. The factors were
 * measured on CPUs (docs/benchmarks.md). Immutable.
 */
public final class MemoryNeed {
    /** Java, libtorch and what they keep. */
    private static final long PROGRAM = 300L << 20;

    private static final int USUAL_SHARE = 100;
    private static final int GUIDED = 2;
    private static final int CLIP_TOKENS = 77;
    private static final int T5_TOKENS = 256;
    private static final int TEXT_TOKENS = CLIP_TOKENS + T5_TOKENS;

    /** Widths d that live at once for each token in a block: inputs, qkv, the MLP's 4d, copies. */
    private static final int DRAWN_WIDTHS = 10;

    /** Widths d for each token that a block's recording keeps until its backward pass. */
    private static final int RECORDED_WIDTHS = 22;

    /** Full-size feature maps that live at once in the decoder's last block. */
    private static final int DECODER_MAPS = 3;

    /** Copies of an adapter's parameters: values, averages, and their own gradients. */
    private static final int PARAMETER_SETS = 3;

    private final Map<Network, NetworkBytes> networks = new LinkedHashMap<>();
    private final MmditConfig config;
    private final VaeConfig vae;

    /** The networks of a model. */
    public enum Network {
        /** The transformer. */
        TRANSFORMER("transformer"),
        /** The autoencoder. */
        VAE("vae"),
        /** CLIP-L. */
        CLIP_L("text_encoder"),
        /** CLIP-G. */
        CLIP_G("text_encoder_2"),
        /** T5, which a model may lack. */
        T5("text_encoder_3");

        private final String folder;

        Network(String folder) {
            this.folder = folder;
        }
    }

    private MemoryNeed(Map<Network, Weights> weights, MmditConfig config, VaeConfig vae) {
        this.config = config;
        this.vae = vae;
        weights.forEach((network, held) -> networks.put(network, new NetworkBytes(held)));
    }

    /**
     * An estimate for networks of these shapes.
     *
     * @param weights names, shapes and stored types; no tensor is opened
     */
    public static MemoryNeed of(Map<Network, Weights> weights, MmditConfig config, VaeConfig vae) {
        return new MemoryNeed(weights, config, vae);
    }

    /** Reads the headers of {@code source}. */
    public static MemoryNeed of(ModelSource source) {
        Map<Network, Weights> weights = new LinkedHashMap<>();
        weights.put(Network.TRANSFORMER, source.transformer());
        weights.put(Network.VAE, source.vae());
        weights.put(Network.CLIP_L, source.clip(1).weights());
        weights.put(Network.CLIP_G, source.clip(2).weights());
        source.t5().ifPresent(part -> weights.put(Network.T5, part.weights()));
        return of(weights, source.transformerConfig(), source.vaeConfig());
    }

    /** Bytes of each network as stored, by its folder's name. */
    public Map<String, Long> stored() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        networks.forEach((network, held) -> bytes.put(network.folder, held.stored()));
        return bytes;
    }

    /** Returns the numbers of an adapter of common size: a hundredth of the transformer's. */
    public long usualAdapter() {
        long numbers = network(Network.TRANSFORMER).whole(DType.FP32) / DType.FP32.bytes();
        return Math.max(1, numbers / USUAL_SHARE);
    }

    /** Returns whether there is a T5. */
    boolean hasT5() {
        return networks.containsKey(Network.T5);
    }

    /** Returns whether a picture of this size is larger than a tile of the autoencoder. */
    boolean tiles(int width, int height) {
        return Math.max(width, height) > vae.sampleSize();
    }

    /** Returns the bytes that drawing a picture takes at most. */
    public long drawing(DrawingPlan plan) {
        LoadOptions load = plan.load();
        long encoders = encoders(load);
        long kept = load.offload() == Offload.NONE ? encoders : 0;
        // The transformer's layer in use is gone when the picture is decoded.
        long denoising = 2 * layer(Network.TRANSFORMER, load) + denoising(plan);
        long decoding = network(Network.VAE).whole(load.dtype()) + decoding(plan);
        long drawing = kept + kept(Network.TRANSFORMER, load) + Math.max(denoising, decoding);
        return PROGRAM + Math.max(encoders, drawing);
    }

    /** Returns the bytes that training an adapter takes at most. */
    public long training(TrainingPlan plan) {
        LoadOptions load = plan.load();
        long adapter = PARAMETER_SETS * plan.parameters() * DType.FP32.bytes() + plan.optimizer();
        long layers = plan.shards() * layer(Network.TRANSFORMER, load);
        long step = layers + recorded(plan) + gradients(plan);
        DrawingPlan sample = new DrawingPlan(wide(load), plan.side(), plan.side(), false);
        long decoding = network(Network.VAE).whole(DType.FP32) + decoding(sample);
        long towers = towers(plan.towers(), load.dtype(), plan.batch());
        long trained =
                kept(Network.TRANSFORMER, load) + adapter + towers + Math.max(step, decoding);
        return PROGRAM + Math.max(Math.max(encoders(load), decoding), trained);
    }

    /**
     * Returns the bytes of text encoders in training beside their adapters: the encoders as they
     * compute, and what their recording keeps until the backward pass, which is about as much as
     * the linear layers' inputs and outputs.
     *
     * @param batch captions of an update
     */
    public long towers(Set<TextTower> towers, DType dtype, int batch) {
        long bytes = 0;
        for (Network network : networks.keySet()) {
            if (TextTower.ofComponent(network.folder).filter(towers::contains).isPresent()) {
                NetworkBytes held = network(network);
                long tokens = network == Network.T5 ? T5_TOKENS : CLIP_TOKENS;
                long recorded = held.layerWidths() * dtype.bytes();
                bytes += held.whole(dtype) + batch * tokens * recorded;
            }
        }
        return bytes;
    }

    /** Pictures are encoded and decoded in fp32. */
    private static LoadOptions wide(LoadOptions load) {
        return new LoadOptions(load.device(), DType.FP32, load.offload(), load.useT5());
    }

    private NetworkBytes network(Network network) {
        NetworkBytes bytes = networks.get(network);
        if (bytes == null) {
            throw new IllegalStateException("no " + network.folder);
        }
        return bytes;
    }

    /** The text encoders with the layer in use and the one made ahead. */
    private long encoders(LoadOptions load) {
        long kept = 0;
        long layer = 0;
        for (Network network : new Network[] {Network.CLIP_L, Network.CLIP_G, Network.T5}) {
            if (networks.containsKey(network) && (network != Network.T5 || load.useT5())) {
                kept += kept(network, load);
                layer = Math.max(layer, 2 * layer(network, load));
            }
        }
        return kept + layer;
    }

    private boolean streams(Network network, LoadOptions load) {
        return load.offload() == Offload.BLOCKS
                || load.quantization().small()
                || QuantisedWeights.areStoredIn(network(network).weights());
    }

    /** Returns the bytes of a network that stay while it is used. */
    private long kept(Network network, LoadOptions load) {
        NetworkBytes bytes = network(network);
        if (!streams(network, load)) {
            return bytes.whole(load.dtype());
        }
        // The matrices of CLIP are not quantised: its layers are read.
        boolean held = network == Network.TRANSFORMER || network == Network.T5;
        return load.offload() == Offload.BLOCKS || !held
                ? bytes.read(load.dtype())
                : bytes.small(load.quantization(), load.dtype());
    }

    /** Returns the bytes of a layer made for its use, or 0 where layers are kept. */
    private long layer(Network network, LoadOptions load) {
        return streams(network, load) ? network(network).layer(load.dtype()) : 0;
    }

    private long tokens(int width, int height) {
        int cell = vae.factor() * config.patchSize();
        return (long) (width / cell) * (height / cell) + TEXT_TOKENS;
    }

    private long denoising(DrawingPlan plan) {
        return GUIDED
                * tokens(plan.width(), plan.height())
                * config.width()
                * DRAWN_WIDTHS
                * plan.load().dtype().bytes();
    }

    private long decoding(DrawingPlan plan) {
        int most = plan.tiled() ? vae.sampleSize() : Math.max(plan.width(), plan.height());
        long pixels = (long) Math.min(plan.width(), most) * Math.min(plan.height(), most);
        int channels = vae.blockOutChannels().get(0) * 2;
        return pixels * channels * DECODER_MAPS * plan.load().dtype().bytes();
    }

    /** Activations until the backward pass: of one block and the inputs of all, or of all. */
    private long recorded(TrainingPlan plan) {
        long width =
                plan.batch()
                        * tokens(plan.side(), plan.side())
                        * config.width()
                        * plan.load().dtype().bytes();
        return plan.checkpointing()
                ? width * (RECORDED_WIDTHS + config.numLayers())
                : width * RECORDED_WIDTHS * config.numLayers();
    }

    /** Every shard has gradients of its own, and one set more while it adds a block's. */
    private long gradients(TrainingPlan plan) {
        long sets = plan.checkpointing() ? 2 : 1;
        return sets * plan.shards() * plan.parameters() * DType.FP32.bytes();
    }
}
