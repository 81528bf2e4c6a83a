package dev.stanstudio.sd3.mmdit;

import java.util.LinkedHashMap;
import java.util.Map;

/** Every tensor of an MMDiT with its shape, under diffusers' names (transformer_sd3.py). */
public final class MmditKeys {
    /** Width of the sinusoid that a timestep becomes. */
    static final int TIME_WIDTH = 256;

    private final MmditConfig config;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private MmditKeys(MmditConfig config) {
        this.config = config;
    }

    /** Shape by name for a model of this configuration. */
    public static Map<String, long[]> shapes(MmditConfig config) {
        MmditKeys keys = new MmditKeys(config);
        keys.outer();
        for (int i = 0; i < config.numLayers(); i++) {
            keys.block(i);
        }
        return keys.shapes;
    }

    /** Prefix of block {@code index}. */
    static String block(String name, int index) {
        return "transformer_blocks." + index + "." + name;
    }

    private void outer() {
        long d = config.width();
        long p = config.patchSize();
        long table = (long) config.posEmbedMaxSize() * config.posEmbedMaxSize();
        shapes.put("pos_embed.pos_embed", new long[] {1, table, d});
        shapes.put("pos_embed.proj.weight", new long[] {d, config.inChannels(), p, p});
        shapes.put("pos_embed.proj.bias", new long[] {d});
        linear("time_text_embed.timestep_embedder.linear_1", d, TIME_WIDTH);
        linear("time_text_embed.timestep_embedder.linear_2", d, d);
        linear("time_text_embed.text_embedder.linear_1", d, config.pooledProjectionDim());
        linear("time_text_embed.text_embedder.linear_2", d, d);
        linear("context_embedder", d, config.jointAttentionDim());
        linear("norm_out.linear", 2 * d, d);
        linear("proj_out", p * p * config.outChannels(), d);
    }

    private void block(int i) {
        long d = config.width();
        boolean last = config.isLast(i);
        linear(block("norm1.linear", i), (config.isDual(i) ? 9 : 6) * d, d);
        linear(block("norm1_context.linear", i), (last ? 2 : 6) * d, d);
        for (String projection : new String[] {"to_q", "to_k", "to_v", "to_out.0"}) {
            linear(block("attn." + projection, i), d, d);
            if (config.isDual(i)) {
                linear(block("attn2." + projection, i), d, d);
            }
        }
        for (String projection : new String[] {"add_q_proj", "add_k_proj", "add_v_proj"}) {
            linear(block("attn." + projection, i), d, d);
        }
        linear(block("ff.net.0.proj", i), 4 * d, d);
        linear(block("ff.net.2", i), d, 4 * d);
        if (!last) {
            linear(block("attn.to_add_out", i), d, d);
            linear(block("ff_context.net.0.proj", i), 4 * d, d);
            linear(block("ff_context.net.2", i), d, 4 * d);
        }
        if (config.rmsQkNorm()) {
            norms(i);
        }
    }

    private void norms(int i) {
        long[] head = {config.attentionHeadDim()};
        for (String norm : new String[] {"norm_q", "norm_k", "norm_added_q", "norm_added_k"}) {
            shapes.put(block("attn." + norm + ".weight", i), head);
        }
        if (config.isDual(i)) {
            shapes.put(block("attn2.norm_q.weight", i), head);
            shapes.put(block("attn2.norm_k.weight", i), head);
        }
    }

    private void linear(String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }
}
