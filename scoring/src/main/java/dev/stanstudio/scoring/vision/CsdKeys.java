package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CSD checkpoint's tensors under the names of CLIP's image tower (learn2phoenix/CSD model.py;
 * openai/CLIP model.py, VisionTransformer). Query, key and value lie in one matrix there.
 */
final class CsdKeys {
    /** The style head, [d, f]. */
    static final String STYLE = "last_layer_style";

    /** A left-over of the training; the authors say to ignore it. */
    private static final String CONTENT = "last_layer_content";

    private static final String TOWER = "vision_model.";
    private static final String PROJECTION = "visual_projection.weight";
    private static final Pattern PREFIX = Pattern.compile("^(model_state_dict\\.)?(module\\.)?");
    private static final Pattern BLOCK = Pattern.compile("transformer\\.resblocks\\.(\\d+)\\.(.+)");
    private static final List<String> THIRDS = List.of("q_proj", "k_proj", "v_proj");

    /** Pixels of a head in OpenAI's towers. */
    private static final int HEAD_WIDTH = 64;

    private static final double EPS = 1e-5;

    private static final Map<String, String> OUTER =
            Map.of(
                    "class_embedding", "embeddings.class_embedding",
                    "positional_embedding", "embeddings.position_embedding.weight",
                    "conv1.weight", "embeddings.patch_embedding.weight",
                    "ln_pre.weight", "pre_layrnorm.weight",
                    "ln_pre.bias", "pre_layrnorm.bias",
                    "ln_post.weight", "post_layernorm.weight",
                    "ln_post.bias", "post_layernorm.bias");

    private static final Map<String, String> INNER =
            Map.of(
                    "ln_1", "layer_norm1",
                    "ln_2", "layer_norm2",
                    "attn.out_proj", "self_attn.out_proj",
                    "mlp.c_fc", "mlp.fc1",
                    "mlp.c_proj", "mlp.fc2");

    private final String source;
    private final Map<String, Part> parts = new LinkedHashMap<>();

    CsdKeys(TensorCollection tensors) {
        source = tensors.source().toString();
        tensors.tensors()
                .forEach((name, stored) -> add(PREFIX.matcher(name).replaceFirst(""), stored));
        if (!parts.containsKey(PROJECTION)) {
            throw new UserException(
                    ("%s has no %s, so it is no CSD; convert the published checkpoint's"
                                    + " model_state_dict to safetensors")
                            .formatted(source, STYLE));
        }
    }

    private void add(String name, StoredTensor stored) {
        if (name.equals(STYLE)) {
            parts.put(PROJECTION, Part.whole(stored));
            return;
        }
        String own = name.startsWith("backbone.") ? name.substring("backbone.".length()) : name;
        if (own.equals(CONTENT) || own.equals("proj")) {
            return;
        }
        Matcher block = BLOCK.matcher(own);
        if (block.matches()) {
            addBlock("encoder.layers." + block.group(1) + ".", block.group(2), stored);
        } else {
            parts.put(TOWER + OUTER.getOrDefault(own, own), Part.whole(stored));
        }
    }

    private void addBlock(String prefix, String name, StoredTensor stored) {
        int dot = name.lastIndexOf('.');
        if (name.startsWith("attn.in_proj_")) {
            String kind = name.substring("attn.in_proj_".length());
            List<Long> shape = stored.info().shape();
            long rows = shape.get(0) / THIRDS.size();
            for (int third = 0; third < THIRDS.size(); third++) {
                List<Long> own = shape.size() == 1 ? List.of(rows) : List.of(rows, shape.get(1));
                parts.put(
                        TOWER + prefix + "self_attn." + THIRDS.get(third) + "." + kind,
                        new Part(stored, third * rows, (third + 1) * rows, false, own));
            }
            return;
        }
        String part = dot < 0 ? name : name.substring(0, dot);
        String kind = dot < 0 ? "" : name.substring(dot);
        parts.put(TOWER + prefix + INNER.getOrDefault(part, part) + kind, Part.whole(stored));
    }

    /** Part by name; the projection as it is stored, [d, f]. */
    Map<String, Part> parts() {
        return parts;
    }

    /**
     * The tower's shape, which the tensors tell but for the number of heads.
     *
     * @param heads 0 for one per 64 of the width, as in OpenAI's towers
     */
    VisionConfig config(int heads) {
        List<Long> patch = shape(TOWER + "embeddings.patch_embedding.weight");
        List<Long> positions = shape(TOWER + "embeddings.position_embedding.weight");
        int width = Math.toIntExact(patch.get(0));
        int side = (int) Math.round(Math.sqrt((double) (positions.get(0) - 1)));
        int size = Math.toIntExact(patch.get(2));
        int layers = 0;
        while (parts.containsKey(TOWER + "encoder.layers." + layers + ".mlp.fc1.weight")) {
            layers++;
        }
        int inner = Math.toIntExact(shape(TOWER + "encoder.layers.0.mlp.fc1.weight").get(0));
        return new VisionConfig(
                VisionFamily.CLIP,
                width,
                inner,
                layers,
                heads == 0 ? Math.max(1, width / HEAD_WIDTH) : heads,
                side * size,
                size,
                FeedForward.QUICK_GELU,
                EPS,
                true,
                0,
                Math.toIntExact(shape(PROJECTION).get(1)));
    }

    private List<Long> shape(String name) {
        Part part = parts.get(name);
        if (part == null) {
            throw new UserException(source + " is no CSD: it has no tensor for " + name);
        }
        return part.shape();
    }

    static String projection() {
        return PROJECTION;
    }
}
