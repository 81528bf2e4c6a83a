package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.ControlNetConfig.Embedding;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Derives a network's configuration from the shapes of its tensors. Fields that do not follow from
 * shapes come from the companion's configuration where there is one, else from the published
 * models.
 */
final class Detection {
    private static final String LATENTS = "decoder.conv_in.weight";
    private static final int HEAD = 64;
    private static final int SAMPLE_SIZE = 128;
    private static final int LATENT_CHANNELS = 16;
    private static final int LARGEST_SIDE = 1 << 24;

    private Detection() {}

    private static int integer(Map<String, FileTensor> tensors, String name, int axis) {
        FileTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new UserException("the checkpoint lacks the tensor " + name);
        }
        return size(name, tensor.shape(), axis);
    }

    private static int size(String name, List<Long> shape, int axis) {
        if (axis >= shape.size()) {
            throw new UserException("tensor " + name + " has the shape " + shape);
        }
        long size = shape.get(axis);
        if (size < 1 || size > LARGEST_SIDE) {
            throw new UserException("tensor " + name + " has a side of " + size);
        }
        return (int) size;
    }

    private static int count(Set<String> names, String pattern) {
        Pattern numbered = Pattern.compile(pattern);
        return names.stream()
                .map(numbered::matcher)
                .filter(Matcher::matches)
                .mapToInt(m -> Integer.parseInt(m.group(1)) + 1)
                .max()
                .orElse(0);
    }

    /**
     * The configuration of a control network in diffusers' names.
     *
     * @param headWidth of the transformer; counts where no norm tells it
     */
    static ControlNetConfig control(Path file, Weights weights, int headWidth) {
        Set<String> names = weights.names();
        String picture = "pos_embed_input.proj.weight";
        int width = size(picture, weights, 0);
        String norm = "transformer_blocks.0.attn.norm_q.weight";
        int head = names.contains(norm) ? size(norm, weights, 0) : headWidth;
        if (width % head != 0) {
            throw new UserException(
                    "%s is %d wide, no multiple of %d".formatted(file, width, head));
        }
        boolean own = names.contains("pos_embed.proj.weight");
        boolean table = names.contains("pos_embed.pos_embed");
        boolean text = names.contains("context_embedder.weight");
        int channels = own ? size("pos_embed.proj.weight", weights, 1) : LATENT_CHANNELS;
        return new ControlNetConfig(
                size(picture, weights, 2),
                channels,
                count(names, "controlnet_blocks\\.(\\d{1,4})\\.weight"),
                head,
                width / head,
                text ? size("context_embedder.weight", weights, 1) : 0,
                size("time_text_embed.text_embedder.linear_1.weight", weights, 1),
                own ? table ? Embedding.POSITIONS : Embedding.PATCHES : Embedding.TRANSFORMER,
                table ? (int) Math.sqrt(size("pos_embed.pos_embed", weights, 1)) : 0,
                Math.max(0, size(picture, weights, 1) - channels),
                numbers(names, "transformer_blocks\\.(\\d{1,4})\\.attn2\\.to_q\\.weight"),
                names.contains(norm),
                text);
    }

    private static int size(String name, Weights weights, int axis) {
        return size(name, Arrays.stream(weights.shape(name)).boxed().toList(), axis);
    }

    private static Set<Integer> numbers(Set<String> names, String pattern) {
        Pattern numbered = Pattern.compile(pattern);
        Set<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = numbered.matcher(name);
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return numbers;
    }

    static MmditConfig transformer(
            Map<String, FileTensor> tensors, @Nullable ModelFolder companion) {
        int width = integer(tensors, "x_embedder.proj.weight", 0);
        int patch = integer(tensors, "x_embedder.proj.weight", 2);
        Set<String> names = tensors.keySet();
        Set<Integer> dual =
                numbers(names, "joint_blocks\\.(\\d{1,4})\\.x_block\\.attn2\\.qkv\\.weight");
        if (width % HEAD != 0) {
            throw new UserException("the transformer's width " + width + " is no multiple of 64");
        }
        return new MmditConfig(
                companion == null ? SAMPLE_SIZE : companion.transformerConfig().sampleSize(),
                patch,
                integer(tensors, "x_embedder.proj.weight", 1),
                Math.max(1, count(names, "joint_blocks\\.(\\d{1,4})\\..*")),
                HEAD,
                width / HEAD,
                integer(tensors, "context_embedder.weight", 1),
                integer(tensors, "y_embedder.mlp.0.weight", 1),
                (int) (integer(tensors, "final_layer.linear.weight", 0) / ((long) patch * patch)),
                (int) Math.round(Math.sqrt(positions(tensors))),
                dual,
                names.contains("joint_blocks.0.context_block.attn.ln_k.weight"));
    }

    /** Rows of the table of positions, with the axis of 1 before them or without. */
    private static int positions(Map<String, FileTensor> tensors) {
        FileTensor table = tensors.get(OriginalKeys.POSITIONS);
        boolean plain = table != null && table.shape().size() == 2;
        return integer(tensors, OriginalKeys.POSITIONS, plain ? 0 : 1);
    }

    static VaeConfig vae(Map<String, Part> parts, @Nullable ModelFolder companion) {
        List<Integer> widths = new ArrayList<>();
        for (Part first = parts.get(resnet(0, 0));
                first != null;
                first = parts.get(resnet(widths.size(), 0))) {
            widths.add(size(resnet(widths.size(), 0), first.shape(), 0));
        }
        int layers = 0;
        while (parts.containsKey(resnet(0, layers))) {
            layers++;
        }
        Part latents = parts.get(LATENTS);
        if (widths.isEmpty() || latents == null) {
            throw new UserException(
                    "the checkpoint's autoencoder lacks the tensor "
                            + (widths.isEmpty() ? resnet(0, 0) : LATENTS));
        }
        VaeConfig published = companion == null ? Sd3Vae.CONFIG : companion.vaeConfig();
        return new VaeConfig(
                published.inChannels(),
                published.outChannels(),
                size(LATENTS, latents.shape(), 1),
                widths,
                layers,
                published.normNumGroups(),
                parts.containsKey("decoder.mid_block.attentions.0.to_q.weight"),
                parts.containsKey("quant_conv.weight"),
                parts.containsKey("post_quant_conv.weight"),
                published.sampleSize(),
                published.scalingFactor(),
                published.shiftFactor());
    }

    private static String resnet(int block, int index) {
        return "encoder.down_blocks." + block + ".resnets." + index + ".conv1.weight";
    }

    static ClipTextConfig clip(
            Map<String, FileTensor> tensors, int which, @Nullable ModelFolder companion) {
        String tokens = "text_model.embeddings.token_embedding.weight";
        int width = integer(tensors, tokens, 1);
        boolean projected = tensors.containsKey("text_projection.weight");
        return new ClipTextConfig(
                integer(tensors, tokens, 0),
                width,
                integer(tensors, "text_model.encoder.layers.0.mlp.fc1.weight", 0),
                count(tensors.keySet(), "text_model\\.encoder\\.layers\\.(\\d{1,4})\\..*"),
                clipHeads(width, companion == null ? null : companion.clip(which).config()),
                integer(tensors, "text_model.embeddings.position_embedding.weight", 0),
                projected ? integer(tensors, "text_projection.weight", 0) : width,
                which == 1,
                1e-5,
                2);
    }

    private static int clipHeads(int width, @Nullable ClipTextConfig known) {
        return known != null && known.hiddenSize() == width
                ? known.numAttentionHeads()
                : Math.max(1, width / HEAD);
    }

    static T5Config t5(Map<String, FileTensor> tensors) {
        String table =
                tensors.containsKey("shared.weight")
                        ? "shared.weight"
                        : "encoder.embed_tokens.weight";
        String bias = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
        int heads = integer(tensors, bias, 1);
        return new T5Config(
                integer(tensors, table, 0),
                integer(tensors, table, 1),
                integer(tensors, "encoder.block.0.layer.0.SelfAttention.q.weight", 0) / heads,
                integer(tensors, "encoder.block.0.layer.1.DenseReluDense.wi_0.weight", 0),
                count(tensors.keySet(), "encoder\\.block\\.(\\d{1,4})\\..*"),
                heads,
                integer(tensors, bias, 0),
                128,
                1e-6);
    }
}
