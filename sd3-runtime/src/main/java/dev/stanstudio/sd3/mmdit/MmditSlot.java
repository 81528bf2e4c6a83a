package dev.stanstudio.sd3.mmdit;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the product of a module is computed in {@code mmdit.ts.py}: queries, keys and values of a
 * stream are rows of one product.
 *
 * @param block number of the block, or {@link #OUTSIDE}
 * @param slot number of the product in the block or outside
 * @param third 0, 1 or 2 for the module's third of the product's rows, or −1 for all rows
 */
public record MmditSlot(int block, int slot, int third) {
    /** The {@link #block()} of modules outside of blocks. */
    public static final int OUTSIDE = -1;

    /** Products in a block; fewer lie outside. */
    public static final int COUNT = 12;

    private static final Pattern IN_BLOCK =
            Pattern.compile("transformer_blocks\\.(\\d{1,4})\\.(.+)");

    private static final Map<String, MmditSlot> BLOCK =
            Map.ofEntries(
                    part("attn.to_q", 0, 0),
                    part("attn.to_k", 0, 1),
                    part("attn.to_v", 0, 2),
                    whole("attn.to_out.0", 1),
                    whole("ff.net.0.proj", 2),
                    whole("ff.net.2", 3),
                    part("attn.add_q_proj", 4, 0),
                    part("attn.add_k_proj", 4, 1),
                    part("attn.add_v_proj", 4, 2),
                    whole("attn.to_add_out", 5),
                    whole("ff_context.net.0.proj", 6),
                    whole("ff_context.net.2", 7),
                    part("attn2.to_q", 8, 0),
                    part("attn2.to_k", 8, 1),
                    part("attn2.to_v", 8, 2),
                    whole("attn2.to_out.0", 9),
                    whole("norm1.linear", 10),
                    whole("norm1_context.linear", 11));

    private static final Map<String, MmditSlot> OUTER =
            Map.ofEntries(
                    whole("context_embedder", 0),
                    whole("time_text_embed.timestep_embedder.linear_1", 1),
                    whole("time_text_embed.timestep_embedder.linear_2", 2),
                    whole("time_text_embed.text_embedder.linear_1", 3),
                    whole("time_text_embed.text_embedder.linear_2", 4),
                    whole("norm_out.linear", 5),
                    whole("proj_out", 6));

    private static Map.Entry<String, MmditSlot> part(String module, int slot, int third) {
        return Map.entry(module, new MmditSlot(OUTSIDE, slot, third));
    }

    private static Map.Entry<String, MmditSlot> whole(String module, int slot) {
        return part(module, slot, -1);
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

    /** Whether the product is computed once per request, before the steps: of the prompt alone. */
    public boolean isReadOnce() {
        return block == OUTSIDE && (slot == 0 || slot == 3 || slot == 4);
    }

    /** First row of the product that a module with {@code out} outputs has. */
    public long row(long out) {
        return third < 0 ? 0 : third * out;
    }
}
