package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.AdapterSlot;
import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CLIP text encoder with projection, CLIP's text tower (Radford et al. 2021; transformers
 * modeling_clip.py). Tower: one of CLIP's two encoders, of pictures and of texts. Glossary: B
 * batch, T tokens, d width. Thread-safe.
 */
public final class ClipTextEncoder implements AutoCloseable {
    private static final String[] LAYER_PARTS = {
        "layer_norm1",
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.out_proj",
        "layer_norm2",
        "mlp.fc1",
        "mlp.fc2"
    };
    private static final String TOKENS = "text_model.embeddings.token_embedding.weight";
    private static final String POSITIONS = "text_model.embeddings.position_embedding.weight";
    private static final String FINAL_NORM = "text_model.final_layer_norm.";
    private static final String PROJECTION = "text_projection.weight";
    private static final Set<String> IGNORABLE =
            Set.of("text_model.embeddings.position_ids", "logit_scale");

    private final ClipTextConfig config;
    private final Weights weights;
    private final Placement placement;
    private final LayerStore<TensorList> layers;

    private static final ProgramText TEXT = new ProgramText(ClipTextEncoder.class, "clip.ts.py");

    /**
     * Outputs of the encoder.
     *
     * @param hidden states of a layer before the last [B, T, d]
     * @param pooled projected state of the end token [B, projection]
     */
    public record Result(Tensor hidden, Tensor pooled) {}

    private ClipTextEncoder(
            ClipTextConfig config, Weights weights, Placement placement, boolean stream) {
        this.config = config;
        this.weights = weights;
        this.placement = placement;
        this.layers = new LayerStore<>(config.numHiddenLayers(), stream, this::layer);
    }

    /**
     * Checks the tensors against the configuration and opens the encoder; layers are read when they
     * are first used.
     *
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static ClipTextEncoder load(
            String name,
            ClipTextConfig config,
            Weights weights,
            Placement placement,
            boolean stream) {
        WeightCheck.check(name, weights, shapes(config), IGNORABLE);
        return new ClipTextEncoder(config, weights, placement, stream);
    }

    /** Shape by name for an encoder of this configuration. */
    public static Map<String, long[]> shapes(ClipTextConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long d = config.hiddenSize();
        long f = config.intermediateSize();
        shapes.put(TOKENS, new long[] {config.vocabSize(), d});
        shapes.put(POSITIONS, new long[] {config.maxPositions(), d});
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            for (String part : LAYER_PARTS) {
                boolean norm = part.startsWith("layer_norm");
                long out = part.equals("mlp.fc1") ? f : d;
                long in = part.equals("mlp.fc2") ? f : d;
                String name = layerName(i, part);
                shapes.put(name + ".weight", norm ? new long[] {d} : new long[] {out, in});
                shapes.put(name + ".bias", new long[] {out});
            }
        }
        shapes.put(FINAL_NORM + "weight", new long[] {d});
        shapes.put(FINAL_NORM + "bias", new long[] {d});
        shapes.put(PROJECTION, new long[] {config.projectionDim(), d});
        return shapes;
    }

    private static String layerName(int index, String part) {
        return "text_model.encoder.layers." + index + "." + part;
    }

    private TensorList layer(Scope scope, int index) {
        List<Tensor> tensors = new ArrayList<>();
        for (String part : LAYER_PARTS) {
            String name = layerName(index, part);
            tensors.add(placement.load(scope, weights, name + ".weight"));
            tensors.add(placement.load(scope, weights, name + ".bias"));
        }
        return Tensors.list(scope, tensors);
    }

    /** The shape of the encoder. */
    public ClipTextConfig config() {
        return config;
    }

    /**
     * Encodes rows of ids, all of one length T.
     *
     * @param clipSkip layers to leave out before the last but one, as diffusers counts: 0 takes
     *     hidden_states[−2]
     * @param beforeLayer called before each layer; may throw to cancel
     * @throws IllegalArgumentException if {@code clipSkip} leaves no layer
     */
    public Result encode(Scope owner, long[][] ids, int clipSkip, Runnable beforeLayer) {
        return encode(owner, ids, clipSkip, null, beforeLayer);
    }

    /**
     * Encodes as {@link #encode(Scope, long[][], int, Runnable)}.
     *
     * @param adapters what is added to the linear layers, or null
     */
    public Result encode(
            Scope owner,
            long[][] ids,
            int clipSkip,
            @Nullable Adapters adapters,
            Runnable beforeLayer) {
        int taken = config.numHiddenLayers() - 1 - clipSkip;
        if (clipSkip < 0 || taken < 0) {
            throw new IllegalArgumentException(
                    "clip skip must be 0 … %s, not %s"
                            .formatted(config.numHiddenLayers() - 1, clipSkip));
        }
        try (Scope pass = Scope.open("clip")) {
            TowerProgram own = new TowerProgram(pass, TEXT, adapters);
            Tensor x = embed(own, pass, ids);
            Tensor hidden = x;
            try (LayerStore<TensorList>.Pass walk = layers.pass()) {
                for (int i = 0; i < layers.size(); i++) {
                    beforeLayer.run();
                    hidden = i == taken ? x : hidden;
                    x = run(own, walk, pass, i, x);
                }
            }
            return new Result(owner.adopt(hidden, pass), pool(own, owner, pass, x, ids));
        }
    }

    private Tensor embed(TowerProgram own, Scope pass, long[][] ids) {
        return own.program()
                .call(
                        pass,
                        "embed",
                        Ids.rows(pass, weights, TOKENS, ids, placement),
                        placement.load(pass, weights, POSITIONS));
    }

    private Tensor run(
            TowerProgram own, LayerStore<TensorList>.Pass walk, Scope pass, int index, Tensor x) {
        int next = index + 1 < layers.size() ? index + 1 : -1;
        return walk.with(
                index,
                next,
                layer ->
                        own.program()
                                .call(
                                        pass,
                                        "layer",
                                        x,
                                        layer,
                                        own.at(index),
                                        config.numAttentionHeads(),
                                        config.quickGelu(),
                                        config.layerNormEps()));
    }

    private Tensor pool(TowerProgram own, Scope owner, Scope pass, Tensor last, long[][] ids) {
        long[] ends = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ends[i] = config.endOf(ids[i]);
        }
        Tensor picks = Tensors.of(pass, ends, ends.length);
        return own.program()
                .call(
                        owner,
                        "pool",
                        last,
                        Tensors.to(pass, picks, placement.device(), DType.INT64),
                        placement.load(pass, weights, FINAL_NORM + "weight"),
                        placement.load(pass, weights, FINAL_NORM + "bias"),
                        config.layerNormEps(),
                        placement.load(pass, weights, PROJECTION),
                        own.at(AdapterSlot.OUTSIDE));
    }

    /** Frees the layers; the next use reads them again. */
    public void evict() {
        layers.evict();
    }

    @Override
    public void close() {
        layers.close();
    }
}
