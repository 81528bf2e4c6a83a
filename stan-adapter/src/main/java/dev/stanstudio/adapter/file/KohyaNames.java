package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kohya's names for SD3 (sd-scripts networks/lora_sd3.py): original module paths with underscores
 * for dots. One original module can be three of diffusers' (fused q, k, v), and where the original
 * keeps [shift | scale] and diffusers [scale | shift], the halves of B change places.
 */
final class KohyaNames {
    static final String PREFIX = "lora_unet_";

    private static final Pattern BLOCK =
            Pattern.compile("joint_blocks_(\\d{1,5})_(x_block|context_block)_(.+)");
    private static final String ADA_LN = "adaLN_modulation_1";
    private static final String FINAL = "final_layer_" + ADA_LN;
    private static final Map<String, List<String>> SAMPLE =
            Map.of(
                    "attn_qkv",
                    List.of("attn.to_q", "attn.to_k", "attn.to_v"),
                    "attn_proj",
                    List.of("attn.to_out.0"),
                    "attn2_qkv",
                    List.of("attn2.to_q", "attn2.to_k", "attn2.to_v"),
                    "attn2_proj",
                    List.of("attn2.to_out.0"),
                    "mlp_fc1",
                    List.of("ff.net.0.proj"),
                    "mlp_fc2",
                    List.of("ff.net.2"),
                    ADA_LN,
                    List.of("norm1.linear"));
    private static final Map<String, List<String>> CONTEXT =
            Map.of(
                    "attn_qkv",
                    List.of("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
                    "attn_proj",
                    List.of("attn.to_add_out"),
                    "mlp_fc1",
                    List.of("ff_context.net.0.proj"),
                    "mlp_fc2",
                    List.of("ff_context.net.2"),
                    ADA_LN,
                    List.of("norm1_context.linear"));
    private static final Map<String, String> OUTER =
            Map.of(
                    "x_embedder_proj",
                    "pos_embed.proj",
                    "t_embedder_mlp_0",
                    "time_text_embed.timestep_embedder.linear_1",
                    "t_embedder_mlp_2",
                    "time_text_embed.timestep_embedder.linear_2",
                    "y_embedder_mlp_0",
                    "time_text_embed.text_embedder.linear_1",
                    "y_embedder_mlp_2",
                    "time_text_embed.text_embedder.linear_2",
                    "context_embedder",
                    "context_embedder",
                    "final_layer_linear",
                    "proj_out",
                    FINAL,
                    "norm_out.linear");

    private static final Pattern DIFFUSERS =
            Pattern.compile("transformer_blocks[._](\\d{1,5})[._](.+)");

    /** Modules in a block by their diffusers names with underscores for dots. */
    private static final Map<String, String> IN_BLOCKS =
            Stream.of(SAMPLE, CONTEXT)
                    .flatMap(modules -> modules.values().stream().flatMap(List::stream))
                    .collect(Collectors.toMap(KohyaNames::flat, Function.identity()));

    private KohyaNames() {}

    /**
     * Returns the original module that holds {@code module} of diffusers' transformer.
     *
     * @param halves whether the rows of a context norm are two chunks, as in the last block
     * @throws UserException if kohya has no name for it
     */
    static KohyaModule original(String module, boolean halves) {
        Matcher block = DIFFUSERS.matcher(module);
        if (!block.matches()) {
            return OUTER.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(module))
                    .findFirst()
                    .map(
                            e ->
                                    new KohyaModule(
                                            e.getKey(), List.of(module), e.getKey().equals(FINAL)))
                    .orElseThrow(() -> nameless(module));
        }
        String before = "joint_blocks_" + block.group(1);
        return Stream.of(
                        inBlock(before + "_x_block_", SAMPLE, block, false),
                        inBlock(before + "_context_block_", CONTEXT, block, halves))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> nameless(module));
    }

    private static Optional<KohyaModule> inBlock(
            String before, Map<String, List<String>> names, Matcher block, boolean halves) {
        String path = "transformer_blocks." + block.group(1) + ".";
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().contains(block.group(2)))
                .findFirst()
                .map(
                        entry ->
                                new KohyaModule(
                                        before + entry.getKey(),
                                        entry.getValue().stream().map(path::concat).toList(),
                                        halves && entry.getKey().equals(ADA_LN)));
    }

    private static UserException nameless(String module) {
        return new UserException(
                "kohya's files have no name for %s; write it for peft or diffusers"
                        .formatted(module));
    }

    private static String flat(String module) {
        return module.replace('.', '_');
    }

    /** Returns whether {@code name} is the dotted path of a module of diffusers' transformer. */
    static boolean isDiffusers(String name) {
        return diffusers(flat(name)).filter(name::equals).isPresent();
    }

    /** The path of the diffusers module called {@code name} with underscores for dots. */
    static Optional<String> diffusers(String name) {
        Matcher block = DIFFUSERS.matcher(name);
        if (!block.matches()) {
            return OUTER.values().stream().filter(path -> flat(path).equals(name)).findFirst();
        }
        return Optional.ofNullable(IN_BLOCKS.get(block.group(2)))
                .map(tail -> "transformer_blocks." + block.group(1) + "." + tail);
    }

    /**
     * The rows of diffusers' modules; empty if no module of SD3 has the original name {@code name}.
     *
     * @param name with underscores for dots, without a prefix
     * @throws UserException if the rows cannot be cut as the module needs
     */
    static List<ModuleRows> modules(StoredModule stored, String name) {
        Matcher block = BLOCK.matcher(name);
        if (!block.matches()) {
            String module = OUTER.get(name);
            return module == null
                    ? List.of()
                    : cut(stored, "", List.of(module), name.equals(FINAL));
        }
        boolean context = block.group(2).equals("context_block");
        List<String> modules = (context ? CONTEXT : SAMPLE).get(block.group(3));
        if (modules == null) {
            return List.of();
        }
        String prefix = "transformer_blocks." + Integer.parseInt(block.group(1)) + ".";
        boolean norm = context && block.group(3).equals(ADA_LN);
        requireShape(stored, norm, modules.size());
        boolean swap = norm && isLast(stored);
        return cut(stored, prefix, modules, swap);
    }

    /** Some kinds tell only one side of the weight, by which it cannot always be cut. */
    private static void requireShape(StoredModule stored, boolean norm, int modules) {
        boolean unknown = (norm && stored.columns() == 0) || (modules > 1 && stored.rows() == 0);
        if (stored.linear() && unknown) {
            throw new UserException(
                    "%s does not tell the shape of its weight, which has to be cut; train it under diffusers' names"
                            .formatted(stored.origin()));
        }
    }

    /** The last block's context norm has two chunks of the width, the others have six. */
    private static boolean isLast(StoredModule stored) {
        return stored.linear() && stored.rows() == 2 * stored.columns();
    }

    private static List<ModuleRows> cut(
            StoredModule stored, String prefix, List<String> modules, boolean swap) {
        long rows = stored.rows() / modules.size();
        if (rows * modules.size() != stored.rows() || (swap && rows % 2 != 0)) {
            throw new UserException(
                    "%s has %d rows, which cannot be cut into %d equal parts"
                            .formatted(stored.origin(), stored.rows(), swap ? 2 : modules.size()));
        }
        List<ModuleRows> parts = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            parts.add(new ModuleRows(prefix + modules.get(i), i * rows, (i + 1) * rows, swap));
        }
        return List.copyOf(parts);
    }
}
