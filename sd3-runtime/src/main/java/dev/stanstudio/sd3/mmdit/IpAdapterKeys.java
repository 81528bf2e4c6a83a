package dev.stanstudio.sd3.mmdit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every tensor of an {@link IpAdapter} with its shape, under diffusers' names (embeddings.py,
 * IPAdapterTimeImageProjection; attention_processor.py, SD3IPAdapterJointAttnProcessor2_0).
 */
public final class IpAdapterKeys {
    /** Begins the names of the resampler. */
    public static final String PROJECTION = "image_proj.";

    /** Begins the names of the attentions. */
    public static final String ATTENTION = "ip_adapter.";

    private static final int MODULATION_PARTS = 4;
    private static final int MLP_FACTOR = 4;

    private final IpAdapterConfig config;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private IpAdapterKeys(IpAdapterConfig config) {
        this.config = config;
    }

    /** Shape by name for an adapter of {@code transformer}. */
    static Map<String, long[]> shapes(IpAdapterConfig config, MmditConfig transformer) {
        IpAdapterKeys keys = new IpAdapterKeys(config);
        keys.projection();
        for (int i = 0; i < config.layers(); i++) {
            keys.layer(i);
        }
        for (int i = 0; i < attentions(transformer); i++) {
            keys.attention(i, transformer.attentionHeadDim());
        }
        return keys.shapes;
    }

    /** Returns the number of attentions; a block with a second one counts twice. */
    private static int attentions(MmditConfig transformer) {
        return transformer.numLayers() + transformer.dualAttentionLayers().size();
    }

    static String projection(String name) {
        return PROJECTION + name;
    }

    static String layer(int index, String name) {
        return PROJECTION + "layers." + index + "." + name;
    }

    /** The tensors of the attentions of block {@code index}, in the order of the program. */
    static List<String> block(int index, MmditConfig transformer) {
        int first = 0;
        for (int i = 0; i < index; i++) {
            first += transformer.dualAttentionLayers().contains(i) ? 2 : 1;
        }
        List<String> names = new ArrayList<>(ofAttention(first));
        if (transformer.dualAttentionLayers().contains(index)) {
            names.addAll(ofAttention(first + 1));
        }
        return names;
    }

    /** The tensors of a layer of the resampler, in the order of the program. */
    static List<String> ofLayer(int index) {
        return List.of(
                layer(index, "ln0.weight"),
                layer(index, "ln0.bias"),
                layer(index, "ln1.weight"),
                layer(index, "ln1.bias"),
                layer(index, "adaln_proj.weight"),
                layer(index, "adaln_proj.bias"),
                layer(index, "attn.to_q.weight"),
                layer(index, "attn.to_kv.weight"),
                layer(index, "attn.to_out.0.weight"),
                layer(index, "adaln_norm.weight"),
                layer(index, "adaln_norm.bias"),
                layer(index, "ff.net.0.proj.weight"),
                layer(index, "ff.net.2.weight"));
    }

    private static List<String> ofAttention(int index) {
        String prefix = ATTENTION + index + ".";
        return List.of(
                prefix + "norm_ip.linear.weight",
                prefix + "norm_ip.linear.bias",
                prefix + "to_k_ip.weight",
                prefix + "to_v_ip.weight",
                prefix + "norm_q.weight",
                prefix + "norm_k.weight",
                prefix + "norm_ip_k.weight");
    }

    private void projection() {
        long r = config.resamplerWidth();
        put(projection("latents"), 1, config.queries(), r);
        linear(projection("proj_in"), r, config.featureWidth());
        linear(projection("time_embedding.linear_1"), r, config.timeWidth());
        linear(projection("time_embedding.linear_2"), r, r);
        linear(projection("proj_out"), config.width(), r);
        norm(projection("norm_out"), config.width());
    }

    private void layer(int i) {
        long r = config.resamplerWidth();
        long inner = config.innerWidth();
        norm(layer(i, "ln0"), r);
        norm(layer(i, "ln1"), r);
        norm(layer(i, "adaln_norm"), r);
        linear(layer(i, "adaln_proj"), MODULATION_PARTS * r, r);
        put(layer(i, "attn.to_q.weight"), inner, r);
        put(layer(i, "attn.to_kv.weight"), 2 * inner, r);
        put(layer(i, "attn.to_out.0.weight"), r, inner);
        put(layer(i, "ff.net.0.proj.weight"), MLP_FACTOR * r, r);
        put(layer(i, "ff.net.2.weight"), r, MLP_FACTOR * r);
    }

    private void attention(int index, long headWidth) {
        long d = config.width();
        String prefix = ATTENTION + index + ".";
        linear(prefix + "norm_ip.linear", 2 * d, config.resamplerWidth());
        put(prefix + "to_k_ip.weight", d, d);
        put(prefix + "to_v_ip.weight", d, d);
        for (String norm : new String[] {"norm_q", "norm_k", "norm_ip_k"}) {
            put(prefix + norm + ".weight", headWidth);
        }
    }

    private void linear(String name, long out, long in) {
        put(name + ".weight", out, in);
        put(name + ".bias", out);
    }

    private void norm(String name, long width) {
        put(name + ".weight", width);
        put(name + ".bias", width);
    }

    private void put(String name, long... shape) {
        shapes.put(name, shape);
    }
}
