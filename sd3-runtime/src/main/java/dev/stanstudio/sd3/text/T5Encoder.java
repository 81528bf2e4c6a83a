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
import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * T5 v1.1's encoder (Raffel et al. 2020; transformers modeling_t5.py). In fp16 the second matrix of
 * each MLP stays fp32, as transformers keeps it, because T5-XXL overflows there. Glossary: B batch,
 * T tokens, d width. Thread-safe.
 */
public final class T5Encoder implements AutoCloseable {
    private static final String TOKENS = "shared.weight";
    private static final String TOKENS_ALIAS = "encoder.embed_tokens.weight";
    private static final String FINAL_NORM = "encoder.final_layer_norm.weight";
    private static final String BIAS_TABLE =
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    private static final String OUTPUT = "layer.1.DenseReluDense.wo";
    private static final String[] LAYER_PARTS = {
        "layer.0.layer_norm",
        "layer.0.SelfAttention.q",
        "layer.0.SelfAttention.k",
        "layer.0.SelfAttention.v",
        "layer.0.SelfAttention.o",
        "layer.1.layer_norm",
        "layer.1.DenseReluDense.wi_0",
        "layer.1.DenseReluDense.wi_1",
        OUTPUT
    };

    private final T5Config config;
    private final Weights weights;
    private final Placement placement;
    private final LayerStore<TensorList> layers;

    private static final ProgramText TEXT = new ProgramText(T5Encoder.class, "t5.ts.py");

    private T5Encoder(T5Config config, Weights weights, Placement placement, boolean stream) {
        this.config = config;
        this.weights = weights;
        this.placement = placement;
        this.layers = new LayerStore<>(config.numLayers(), stream, this::layer);
    }

    /**
     * Checks the tensors against the configuration and opens the encoder; layers are read when they
     * are first used.
     *
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static T5Encoder load(
            T5Config config, Weights weights, Placement placement, boolean stream) {
        String table = tokenTable(weights);
        Set<String> second = table.equals(TOKENS_ALIAS) ? Set.of(TOKENS) : Set.of();
        WeightCheck.check("text_encoder_3", weights, shapes(config, table), second);
        return new T5Encoder(config, weights, placement, stream);
    }

    /** Shape by name for an encoder of this configuration. */
    public static Map<String, long[]> shapes(T5Config config) {
        return shapes(config, TOKENS);
    }

    private static Map<String, long[]> shapes(T5Config config, String table) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long d = config.dModel();
        long heads = (long) config.numHeads() * config.dKv();
        shapes.put(table, new long[] {config.vocabSize(), d});
        shapes.put(BIAS_TABLE, new long[] {config.buckets(), config.numHeads()});
        for (int i = 0; i < config.numLayers(); i++) {
            for (String part : LAYER_PARTS) {
                long[] shape;
                if (part.endsWith("layer_norm")) {
                    shape = new long[] {d};
                } else if (part.contains("DenseReluDense")) {
                    shape = part.equals(OUTPUT) ? pair(d, config.dFf()) : pair(config.dFf(), d);
                } else {
                    shape = part.endsWith(".o") ? pair(d, heads) : pair(heads, d);
                }
                shapes.put(layerName(i, part), shape);
            }
        }
        shapes.put(FINAL_NORM, new long[] {d});
        return shapes;
    }

    private static long[] pair(long rows, long columns) {
        return new long[] {rows, columns};
    }

    private static String layerName(int index, String part) {
        return "encoder.block." + index + "." + part + ".weight";
    }

    private TensorList layer(Scope scope, int index) {
        List<Tensor> tensors = new ArrayList<>();
        for (String part : LAYER_PARTS) {
            DType type = typeOf(part, placement.dtype());
            tensors.add(placement.load(scope, weights, layerName(index, part), type));
        }
        return Tensors.list(scope, tensors);
    }

    /**
     * Returns the type that a layer's module is computed in.
     *
     * @param module within a layer, such as {@code layer.1.DenseReluDense.wo}
     * @param type of the encoder
     */
    public static DType typeOf(String module, DType type) {
        return module.equals(OUTPUT) && type == DType.FP16 ? DType.FP32 : type;
    }

    /** The shape of the encoder. */
    public T5Config config() {
        return config;
    }

    /**
     * Encodes rows of ids, all of one length T, to [B, T, d]; padding is not masked, as diffusers
     * does it.
     *
     * @param beforeLayer called before each layer; may throw to cancel
     */
    public Tensor encode(Scope owner, long[][] ids, Runnable beforeLayer) {
        return encode(owner, ids, null, beforeLayer);
    }

    /**
     * Encodes as {@link #encode(Scope, long[][], Runnable)}.
     *
     * @param adapters what is added to the linear layers, or null
     */
    public Tensor encode(
            Scope owner, long[][] ids, @Nullable Adapters adapters, Runnable beforeLayer) {
        try (Scope pass = Scope.open("t5")) {
            TowerProgram own = new TowerProgram(pass, TEXT, adapters);
            Tensor x = Ids.rows(pass, weights, tokenTable(weights), ids, placement);
            Tensor bias = bias(own, pass, ids[0].length);
            try (LayerStore<TensorList>.Pass walk = layers.pass()) {
                for (int i = 0; i < layers.size(); i++) {
                    beforeLayer.run();
                    Tensor y = run(own, walk, pass, i, x, bias);
                    pass.release(x);
                    x = y;
                }
            }
            Tensor norm = placement.load(pass, weights, FINAL_NORM);
            return own.program().call(owner, "norm", x, norm, config.layerNormEps());
        }
    }

    /** The encoder's own table where a file has both, as transformers takes it. */
    private static String tokenTable(Weights weights) {
        return weights.names().contains(TOKENS_ALIAS) ? TOKENS_ALIAS : TOKENS;
    }

    private Tensor run(
            TowerProgram own,
            LayerStore<TensorList>.Pass walk,
            Scope pass,
            int index,
            Tensor x,
            Tensor bias) {
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
                                        bias,
                                        layer,
                                        own.at(index),
                                        config.numHeads(),
                                        config.layerNormEps()));
    }

    private Tensor bias(TowerProgram own, Scope pass, int length) {
        long[][] buckets = new long[length][length];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                buckets[query][key] = config.bucket(key - query);
            }
        }
        return own.program()
                .call(
                        pass,
                        "position_bias",
                        Ids.tensor(pass, buckets, placement.device()),
                        placement.load(pass, weights, BIAS_TABLE));
    }

    /** Frees the layers; the next use reads them again. */
    public void evict() {
        layers.evict();
        weights.release();
    }

    @Override
    public void close() {
        layers.close();
    }
}
