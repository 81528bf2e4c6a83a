package dev.stanstudio.sd3.mmdit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The linear layer of {@code mmdit.ts.py} that computes a module of the checkpoint. Most modules
 * are a layer of their own; the query, key and value projections of a stream are fused into one
 * layer, whose outputs they share in thirds.
 *
 * @param block number of the block, or {@link #OUTSIDE}
 * @param slot number of the layer in the block or outside
 * @param third 0, 1 or 2 for the module's third of the layer's outputs, or −1 for all of them
 */
public record MmditSlot(int block, int slot, int third) implements AdapterSlot {
    /** The {@link #block()} of modules outside of blocks. */
    public static final int OUTSIDE = AdapterSlot.OUTSIDE;

    /** The linear layers of a block, in the order of their adapters in {@code mmdit.ts.py}. */
    private enum InBlock {
        SAMPLE_QKV,
        SAMPLE_OUT,
        SAMPLE_UP,
        SAMPLE_DOWN,
        CONTEXT_QKV,
        CONTEXT_OUT,
        CONTEXT_UP,
        CONTEXT_DOWN,
        DUAL_QKV,
        DUAL_OUT,
        NORM1,
        NORM1_CONTEXT
    }

    /** The linear layers outside of blocks, in the same order. */
    private enum Outside {
        CONTEXT_EMBEDDER,
        TIMESTEP_1,
        TIMESTEP_2,
        TEXT_1,
        TEXT_2,
        NORM_OUT,
        PROJ_OUT
    }

    /** The number of linear layers in a block; fewer lie outside. */
    public static final int COUNT = InBlock.values().length;

    /** Layers outside of blocks whose only input is the prompt. */
    private static final Set<Integer> PROMPT_ONLY =
            Set.of(index(Outside.CONTEXT_EMBEDDER), index(Outside.TEXT_1), index(Outside.TEXT_2));

    private static final Pattern IN_BLOCK =
            Pattern.compile("transformer_blocks\\.(\\d{1,4})\\.(.+)");

    private static final Map<String, MmditSlot> BLOCK =
            Map.ofEntries(
                    third("attn.to_q", InBlock.SAMPLE_QKV, 0),
                    third("attn.to_k", InBlock.SAMPLE_QKV, 1),
                    third("attn.to_v", InBlock.SAMPLE_QKV, 2),
                    whole("attn.to_out.0", InBlock.SAMPLE_OUT),
                    whole("ff.net.0.proj", InBlock.SAMPLE_UP),
                    whole("ff.net.2", InBlock.SAMPLE_DOWN),
                    third("attn.add_q_proj", InBlock.CONTEXT_QKV, 0),
                    third("attn.add_k_proj", InBlock.CONTEXT_QKV, 1),
                    third("attn.add_v_proj", InBlock.CONTEXT_QKV, 2),
                    whole("attn.to_add_out", InBlock.CONTEXT_OUT),
                    whole("ff_context.net.0.proj", InBlock.CONTEXT_UP),
                    whole("ff_context.net.2", InBlock.CONTEXT_DOWN),
                    third("attn2.to_q", InBlock.DUAL_QKV, 0),
                    third("attn2.to_k", InBlock.DUAL_QKV, 1),
                    third("attn2.to_v", InBlock.DUAL_QKV, 2),
                    whole("attn2.to_out.0", InBlock.DUAL_OUT),
                    whole("norm1.linear", InBlock.NORM1),
                    whole("norm1_context.linear", InBlock.NORM1_CONTEXT));

    private static final Map<String, MmditSlot> OUTER =
            Map.ofEntries(
                    whole("context_embedder", Outside.CONTEXT_EMBEDDER),
                    whole("time_text_embed.timestep_embedder.linear_1", Outside.TIMESTEP_1),
                    whole("time_text_embed.timestep_embedder.linear_2", Outside.TIMESTEP_2),
                    whole("time_text_embed.text_embedder.linear_1", Outside.TEXT_1),
                    whole("time_text_embed.text_embedder.linear_2", Outside.TEXT_2),
                    whole("norm_out.linear", Outside.NORM_OUT),
                    whole("proj_out", Outside.PROJ_OUT));

    private static <E extends Enum<E>> int index(E layer) {
        return List.of(layer.getDeclaringClass().getEnumConstants()).indexOf(layer);
    }

    private static <E extends Enum<E>> Map.Entry<String, MmditSlot> third(
            String module, E layer, int third) {
        return Map.entry(module, new MmditSlot(OUTSIDE, index(layer), third));
    }

    private static <E extends Enum<E>> Map.Entry<String, MmditSlot> whole(String module, E layer) {
        return third(module, layer, -1);
    }

    /**
     * The place of {@code module}, such as {@code transformer_blocks.0.attn.to_q}; empty for
     * modules that are not linear layers, and for unknown ones.
     */
    public static Optional<MmditSlot> of(String module) {
        Matcher inBlock = IN_BLOCK.matcher(module);
        if (!inBlock.matches()) {
            return Optional.ofNullable(OUTER.get(module));
        }
        int block = Integer.parseInt(inBlock.group(1));
        return Optional.ofNullable(BLOCK.get(inBlock.group(2)))
                .map(found -> new MmditSlot(block, found.slot, found.third));
    }

    /**
     * Returns true if the layer runs once per request, before the denoising steps, because its only
     * input is the prompt.
     */
    public boolean readsPromptOnly() {
        return block == OUTSIDE && PROMPT_ONLY.contains(slot);
    }

    @Override
    public long row(long out) {
        return third < 0 ? 0 : third * out;
    }
}
