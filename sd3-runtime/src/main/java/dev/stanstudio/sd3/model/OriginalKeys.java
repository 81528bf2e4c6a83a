package dev.stanstudio.sd3.model;

import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.WeightException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The original key names of single files and what they are called in diffusers (diffusers
 * scripts/convert_sd3_to_diffusers.py, loaders/single_file_utils.py). qkv matrices are cut in
 * thirds; where the original keeps [shift | scale] and diffusers [scale | shift], halves change
 * places: in the final norm and in the last block's context norm.
 */
final class OriginalKeys {
    static final String MMDIT = "model.diffusion_model.";
    static final String VAE = "first_stage_model.";
    static final String VAE_ALIAS = "vae.";
    static final String POSITIONS = "pos_embed";

    private static final Pattern BLOCK =
            Pattern.compile("joint_blocks\\.(\\d{1,5})\\.(x_block|context_block)\\.(.+)");

    private static final Pattern CONTROL_BLOCK =
            Pattern.compile("(transformer_blocks\\.\\d{1,5}\\.)(.+)");

    /** Longer numbers are of no block; such a name is kept, so that it is reported. */
    private static final Pattern VAE_UP = Pattern.compile("decoder\\.up\\.(\\d{1,4})\\.(.*)");

    private static final Map<String, String> OUTER =
            Map.of(
                    POSITIONS,
                    "pos_embed.pos_embed",
                    "x_embedder.proj",
                    "pos_embed.proj",
                    "t_embedder.mlp.0",
                    "time_text_embed.timestep_embedder.linear_1",
                    "t_embedder.mlp.2",
                    "time_text_embed.timestep_embedder.linear_2",
                    "y_embedder.mlp.0",
                    "time_text_embed.text_embedder.linear_1",
                    "y_embedder.mlp.2",
                    "time_text_embed.text_embedder.linear_2",
                    "context_embedder",
                    "context_embedder",
                    "final_layer.linear",
                    "proj_out",
                    "final_layer.adaLN_modulation.1",
                    "norm_out.linear");
    private static final Map<String, String> SAMPLE =
            Map.ofEntries(
                    Map.entry("attn.proj", "attn.to_out.0"),
                    Map.entry("attn.ln_q", "attn.norm_q"),
                    Map.entry("attn.ln_k", "attn.norm_k"),
                    Map.entry("attn2.proj", "attn2.to_out.0"),
                    Map.entry("attn2.ln_q", "attn2.norm_q"),
                    Map.entry("attn2.ln_k", "attn2.norm_k"),
                    Map.entry("adaLN_modulation.1", "norm1.linear"),
                    Map.entry("mlp.fc1", "ff.net.0.proj"),
                    Map.entry("mlp.fc2", "ff.net.2"));
    private static final Map<String, String> CONTEXT =
            Map.of(
                    "attn.proj", "attn.to_add_out",
                    "attn.ln_q", "attn.norm_added_q",
                    "attn.ln_k", "attn.norm_added_k",
                    "adaLN_modulation.1", "norm1_context.linear",
                    "mlp.fc1", "ff_context.net.0.proj",
                    "mlp.fc2", "ff_context.net.2");
    private static final List<String> QKV = List.of("to_q", "to_k", "to_v");
    private static final List<String> ADDED_QKV = List.of("add_q_proj", "add_k_proj", "add_v_proj");

    private OriginalKeys() {}

    /** Parts by diffusers name; unknown keys keep their name, so that they are reported. */
    static Map<String, Part> transformer(Map<String, FileTensor> stored, int blocks) {
        Map<String, Part> parts = new LinkedHashMap<>();
        stored.forEach(
                (key, tensor) -> {
                    Matcher block = BLOCK.matcher(key);
                    if (block.matches()) {
                        inBlock(parts, block, tensor, blocks);
                    } else {
                        outer(parts, key, tensor);
                    }
                });
        return parts;
    }

    private static void outer(Map<String, Part> parts, String key, FileTensor tensor) {
        String stem = stem(key);
        String name = OUTER.get(stem);
        if (name == null) {
            StoredWeights.add(parts, key, Part.whole(tensor));
            return;
        }
        boolean swap = stem.equals("final_layer.adaLN_modulation.1");
        Part part = stem.equals(POSITIONS) ? positions(tensor) : Part.whole(tensor);
        StoredWeights.add(parts, name + leaf(key), swap ? swapped(tensor) : part);
    }

    /** The table of positions [1, tokens, d]; GGUF drops a first axis of 1. */
    private static Part positions(FileTensor tensor) {
        List<Long> shape = tensor.shape();
        return shape.size() == 2
                ? new Part(tensor, 0, shape.get(0), false, List.of(1L, shape.get(0), shape.get(1)))
                : Part.whole(tensor);
    }

    private static void inBlock(
            Map<String, Part> parts, Matcher block, FileTensor tensor, int blocks) {
        String prefix = "transformer_blocks." + block.group(1) + ".";
        boolean context = block.group(2).equals("context_block");
        String key = block.group(3);
        String stem = stem(key);
        if (stem.endsWith(".qkv")) {
            String attention = stem.substring(0, stem.length() - "qkv".length());
            thirds(parts, prefix + attention, leaf(key), tensor, context ? ADDED_QKV : QKV);
            return;
        }
        String name = (context ? CONTEXT : SAMPLE).get(stem);
        boolean last = Integer.parseInt(block.group(1)) == blocks - 1;
        boolean swap = context && last && stem.equals("adaLN_modulation.1");
        String full = name == null ? block.group() : prefix + name + leaf(key);
        StoredWeights.add(parts, full, swap ? swapped(tensor) : Part.whole(tensor));
    }

    /**
     * The parts of a control network by diffusers name; Stability's files keep q, k and v in one
     * matrix (diffusers scripts/convert_sd3_controlnet_to_diffusers.py).
     */
    static Map<String, Part> control(Map<String, FileTensor> stored) {
        Map<String, Part> parts = new LinkedHashMap<>();
        stored.forEach(
                (key, tensor) -> {
                    Matcher block = CONTROL_BLOCK.matcher(key);
                    if (!block.matches()) {
                        StoredWeights.add(parts, key, Part.whole(tensor));
                        return;
                    }
                    String prefix = block.group(1);
                    String stem = stem(block.group(2));
                    if (stem.equals("attn.qkv")) {
                        thirds(parts, prefix + "attn.", leaf(key), tensor, QKV);
                    } else {
                        String name = prefix + SAMPLE.getOrDefault(stem, stem) + leaf(key);
                        StoredWeights.add(parts, name, Part.whole(tensor));
                    }
                });
        return parts;
    }

    private static String stem(String key) {
        return key.replaceFirst("\\.(weight|bias)$", "");
    }

    private static String leaf(String key) {
        return key.substring(stem(key).length());
    }

    private static Part swapped(FileTensor tensor) {
        Part whole = Part.whole(tensor);
        return new Part(tensor, whole.from(), whole.to(), true, whole.shape());
    }

    private static void thirds(
            Map<String, Part> parts,
            String prefix,
            String leaf,
            FileTensor tensor,
            List<String> names) {
        List<Long> shape = new ArrayList<>(tensor.shape());
        long all = shape.isEmpty() ? 0 : shape.get(0);
        long rows = all / names.size();
        if (rows * names.size() != all) {
            throw new WeightException(
                    "%s: %s has %d rows, which cannot be cut into %d equal parts"
                            .formatted(tensor.path(), tensor.name(), all, names.size()));
        }
        if (!shape.isEmpty()) {
            shape.set(0, rows);
        }
        for (int i = 0; i < names.size(); i++) {
            StoredWeights.add(
                    parts,
                    prefix + names.get(i) + leaf,
                    new Part(tensor, i * rows, (i + 1) * rows, false, shape));
        }
    }

    /** The autoencoder's parts by diffusers name. */
    static Map<String, Part> vae(Map<String, FileTensor> stored) {
        int deepest =
                stored.keySet().stream()
                        .map(VAE_UP::matcher)
                        .filter(Matcher::matches)
                        .mapToInt(m -> Integer.parseInt(m.group(1)))
                        .max()
                        .orElse(0);
        Map<String, Part> parts = new LinkedHashMap<>();
        stored.forEach(
                (key, tensor) ->
                        StoredWeights.add(parts, vaeName(key, deepest), vaePart(key, tensor)));
        return parts;
    }

    private static String vaeName(String key, int deepest) {
        String name =
                key.replace("nin_shortcut", "conv_shortcut")
                        .replace(".norm_out.", ".conv_norm_out.")
                        .replace(".mid.block_1.", ".mid_block.resnets.0.")
                        .replace(".mid.block_2.", ".mid_block.resnets.1.")
                        .replace(".mid.attn_1.norm.", ".mid_block.attentions.0.group_norm.")
                        .replace(".mid.attn_1.proj_out.", ".mid_block.attentions.0.to_out.0.")
                        .replaceFirst(
                                "\\.mid\\.attn_1\\.([qkv])\\.", ".mid_block.attentions.0.to_$1.")
                        .replaceFirst("\\.down\\.(\\d+)\\.block\\.", ".down_blocks.$1.resnets.")
                        .replaceFirst(
                                "\\.down\\.(\\d+)\\.downsample\\.",
                                ".down_blocks.$1.downsamplers.0.");
        Matcher up = VAE_UP.matcher(name);
        if (!up.matches()) {
            return name;
        }
        String rest = up.group(2).replaceFirst("^block\\.", "resnets.");
        return "decoder.up_blocks."
                + (deepest - Integer.parseInt(up.group(1)))
                + "."
                + rest.replaceFirst("^upsample\\.", "upsamplers.0.");
    }

    /** The original attention is made of 1×1 convolutions, diffusers' of linears. */
    private static Part vaePart(String key, FileTensor tensor) {
        List<Long> shape = tensor.shape();
        boolean pointwise = shape.size() == 4 && shape.get(2) == 1 && shape.get(3) == 1;
        if (key.contains(".mid.attn_1.") && pointwise) {
            return new Part(tensor, 0, shape.get(0), false, shape.subList(0, 2));
        }
        return Part.whole(tensor);
    }
}
