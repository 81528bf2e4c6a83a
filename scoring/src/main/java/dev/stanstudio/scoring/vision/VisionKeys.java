package dev.stanstudio.scoring.vision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names of a family's tensors in the published files.
 *
 * @param patch weight (and bias) of the patch projection
 * @param classToken the class token
 * @param positions the position table
 * @param blocks what comes before a block's number
 * @param parts names of the {@link Part}s of a block
 * @param lastNorm the norm after the blocks
 * @param unused names that may be there and are not needed for features
 */
record VisionKeys(
        String patch,
        String classToken,
        String positions,
        String blocks,
        Map<Part, String> parts,
        String lastNorm,
        Set<String> unused) {
    private static final VisionKeys CLIP =
            new VisionKeys(
                    "vision_model.embeddings.patch_embedding",
                    "vision_model.embeddings.class_embedding",
                    "vision_model.embeddings.position_embedding.weight",
                    "vision_model.encoder.layers.",
                    names(
                            "layer_norm1",
                            "self_attn.q_proj",
                            "self_attn.k_proj",
                            "self_attn.v_proj",
                            "self_attn.out_proj",
                            "layer_norm2",
                            "mlp.fc1",
                            "mlp.fc2"),
                    "vision_model.post_layernorm",
                    Set.of("vision_model.embeddings.position_ids"));

    private static final VisionKeys VIT =
            new VisionKeys(
                    "embeddings.patch_embeddings.projection",
                    "embeddings.cls_token",
                    "embeddings.position_embeddings",
                    "encoder.layer.",
                    names(
                            "layernorm_before",
                            "attention.attention.query",
                            "attention.attention.key",
                            "attention.attention.value",
                            "attention.output.dense",
                            "layernorm_after",
                            "intermediate.dense",
                            "output.dense"),
                    "layernorm",
                    Set.of(
                            "embeddings.mask_token",
                            "pooler.dense.weight",
                            "pooler.dense.bias",
                            "classifier.weight",
                            "classifier.bias"));

    private static final VisionKeys DINOV2 =
            new VisionKeys(
                    VIT.patch,
                    VIT.classToken,
                    VIT.positions,
                    VIT.blocks,
                    names(
                            "norm1",
                            "attention.attention.query",
                            "attention.attention.key",
                            "attention.attention.value",
                            "attention.output.dense",
                            "norm2",
                            "mlp.fc1",
                            "mlp.fc2"),
                    VIT.lastNorm,
                    Set.of("embeddings.mask_token", "classifier.weight", "classifier.bias"));

    static final String PRE_NORM = "vision_model.pre_layrnorm";
    static final String REGISTERS = "embeddings.register_tokens";
    static final String PROJECTION = "visual_projection.weight";
    static final String WEIGHT = ".weight";
    static final String BIAS = ".bias";

    /** The parts that a block's weights and biases belong to, in the order of {@code vit.ts.py}. */
    enum Part {
        NORM1,
        QUERY,
        KEY,
        VALUE,
        OUT,
        NORM2,
        UP,
        DOWN;

        boolean isNorm() {
            return this == NORM1 || this == NORM2;
        }

        boolean isQkv() {
            return this == QUERY || this == KEY || this == VALUE;
        }
    }

    private static Map<Part, String> names(String... inOrder) {
        Map<Part, String> names = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            names.put(part, inOrder[names.size()]);
        }
        return Collections.unmodifiableMap(names);
    }

    /** The names that {@code family} uses. */
    static VisionKeys of(VisionFamily family) {
        return switch (family) {
            case CLIP -> CLIP;
            case VIT -> VIT;
            case DINOV2, DINOV2_REGISTERS -> DINOV2;
        };
    }

    /** Full name, without weight or bias, of {@code part} of block {@code index}. */
    String part(VisionConfig config, int index, Part part) {
        String name = parts.get(part);
        if (config.feedForward() == FeedForward.SWIGLU) {
            name =
                    switch (part) {
                        case UP -> "mlp.weights_in";
                        case DOWN -> "mlp.weights_out";
                        default -> name;
                    };
        }
        return blocks + index + "." + name;
    }

    /** Returns whether {@code part} of a block has a bias. */
    static boolean hasBias(VisionConfig config, Part part) {
        return config.qkvBias() || !part.isQkv();
    }

    /** Names of the two layer scales of block {@code index}. */
    List<String> scales(int index) {
        String prefix = blocks + index + ".layer_scale";
        return List.of(prefix + "1.lambda1", prefix + "2.lambda1");
    }

    /** Shape by name for a tower of this configuration. */
    static Map<String, long[]> shapes(VisionConfig config) {
        VisionKeys keys = of(config.family());
        Map<String, long[]> shapes = new LinkedHashMap<>();
        keys.addStem(shapes, config);
        for (int i = 0; i < config.layers(); i++) {
            keys.addBlock(shapes, config, i);
        }
        addNorm(shapes, keys.lastNorm, config.width());
        if (config.projection() > 0) {
            shapes.put(PROJECTION, new long[] {config.projection(), config.width()});
        }
        return shapes;
    }

    private void addStem(Map<String, long[]> shapes, VisionConfig config) {
        long d = config.width();
        long p = config.patchSize();
        long rows = 1L + (long) config.side() * config.side();
        shapes.put(patch + WEIGHT, new long[] {d, 3, p, p});
        if (config.family() == VisionFamily.CLIP) {
            shapes.put(classToken, new long[] {d});
            shapes.put(positions, new long[] {rows, d});
            addNorm(shapes, PRE_NORM, d);
            return;
        }
        shapes.put(patch + BIAS, new long[] {d});
        shapes.put(classToken, new long[] {1, 1, d});
        shapes.put(positions, new long[] {1, rows, d});
        if (config.registers() > 0) {
            shapes.put(REGISTERS, new long[] {1, config.registers(), d});
        }
    }

    private void addBlock(Map<String, long[]> shapes, VisionConfig config, int index) {
        long d = config.width();
        long inner = config.mlpWidth();
        long up = config.feedForward() == FeedForward.SWIGLU ? 2 * inner : inner;
        for (Part part : Part.values()) {
            long out = part == Part.UP ? up : d;
            long in = part == Part.DOWN ? inner : d;
            String name = part(config, index, part);
            shapes.put(name + WEIGHT, part.isNorm() ? new long[] {d} : new long[] {out, in});
            if (hasBias(config, part)) {
                shapes.put(name + BIAS, new long[] {out});
            }
        }
        if (config.family().isDinov2()) {
            scales(index).forEach(name -> shapes.put(name, new long[] {d}));
        }
    }

    private static void addNorm(Map<String, long[]> shapes, String name, long width) {
        shapes.put(name + WEIGHT, new long[] {width});
        shapes.put(name + BIAS, new long[] {width});
    }

    /** Names of the head's tensors: the last norm, then the projection if there is one. */
    List<String> head(VisionConfig config) {
        List<String> names = new ArrayList<>(List.of(lastNorm + WEIGHT, lastNorm + BIAS));
        if (config.projection() > 0) {
            names.add(PROJECTION);
        }
        return names;
    }
}
