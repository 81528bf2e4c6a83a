package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.sd3.mmdit.ControlNetConfig.Embedding;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every tensor of a control network with its shape, under diffusers' names (controlnet_sd3.py). */
public final class ControlNetKeys {
    private final ControlNetConfig config;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private ControlNetKeys(ControlNetConfig config) {
        this.config = config;
    }

    /** Shape by name for a network of this configuration. */
    public static Map<String, long[]> shapes(ControlNetConfig config) {
        ControlNetKeys keys = new ControlNetKeys(config);
        keys.outer();
        for (int i = 0; i < config.numLayers(); i++) {
            keys.block(i);
        }
        return keys.shapes;
    }

    /** Returns the name of the layer that makes the output of block {@code index}. */
    static String output(int index) {
        return "controlnet_blocks." + index;
    }

    private void outer() {
        long d = config.width();
        if (config.embedding() != Embedding.TRANSFORMER) {
            patches("pos_embed.proj", config.inChannels());
        }
        if (config.embedding() == Embedding.POSITIONS) {
            long table = (long) config.posEmbedMaxSize() * config.posEmbedMaxSize();
            shapes.put("pos_embed.pos_embed", new long[] {1, table, d});
        }
        patches("pos_embed_input.proj", config.inChannels() + config.extraChannels());
        linear("time_text_embed.timestep_embedder.linear_1", d, MmditKeys.TIME_WIDTH);
        linear("time_text_embed.timestep_embedder.linear_2", d, d);
        linear("time_text_embed.text_embedder.linear_1", d, config.pooledProjectionDim());
        linear("time_text_embed.text_embedder.linear_2", d, d);
        if (config.readsText()) {
            linear("context_embedder", d, config.jointAttentionDim());
        }
    }

    private void block(int i) {
        long d = config.width();
        linear(MmditKeys.block("norm1.linear", i), (config.isDual(i) ? 9 : 6) * d, d);
        for (String projection : new String[] {"to_q", "to_k", "to_v", "to_out.0"}) {
            linear(MmditKeys.block("attn." + projection, i), d, d);
            if (config.isDual(i)) {
                linear(MmditKeys.block("attn2." + projection, i), d, d);
            }
        }
        feedForward("ff", i);
        linear(output(i), d, d);
        if (!config.readsText()) {
            return;
        }
        linear(MmditKeys.block("norm1_context.linear", i), 6 * d, d);
        for (String part : new String[] {"add_q_proj", "add_k_proj", "add_v_proj", "to_add_out"}) {
            linear(MmditKeys.block("attn." + part, i), d, d);
        }
        feedForward("ff_context", i);
        if (config.rmsQkNorm()) {
            norms(i);
        }
    }

    private void feedForward(String name, int i) {
        long d = config.width();
        linear(MmditKeys.block(name + ".net.0.proj", i), 4 * d, d);
        linear(MmditKeys.block(name + ".net.2", i), d, 4 * d);
    }

    private void norms(int i) {
        long[] head = {config.attentionHeadDim()};
        for (String norm : new String[] {"norm_q", "norm_k", "norm_added_q", "norm_added_k"}) {
            shapes.put(MmditKeys.block("attn." + norm + ".weight", i), head);
        }
        if (config.isDual(i)) {
            shapes.put(MmditKeys.block("attn2.norm_q.weight", i), head);
            shapes.put(MmditKeys.block("attn2.norm_k.weight", i), head);
        }
    }

    private void patches(String name, long channels) {
        long p = config.patchSize();
        shapes.put(name + ".weight", new long[] {config.width(), channels, p, p});
        shapes.put(name + ".bias", new long[] {config.width()});
    }

    private void linear(String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in});
        shapes.put(name + ".bias", new long[] {out});
    }
}
