package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lists the text encoders of Stable Diffusion 3, with the linear layers that adapters can change.
 */
public enum TextTower implements Labelled {
    /** The first encoder. */
    CLIP_L("clip-l", "text_encoder", Parts.CLIP_LAYERS, Parts.CLIP, Parts.CLIP_OUTSIDE),
    /** The second encoder. */
    CLIP_G("clip-g", "text_encoder_2", Parts.CLIP_LAYERS, Parts.CLIP, Parts.CLIP_OUTSIDE),
    /** The third encoder. */
    T5("t5", "text_encoder_3", "encoder.block.", Parts.T5, List.of());

    /** Names of transformers' modules, in the order of their adapters in the programs. */
    private static final class Parts {
        static final String CLIP_LAYERS = "text_model.encoder.layers.";
        static final List<String> CLIP =
                List.of(
                        "self_attn.q_proj",
                        "self_attn.k_proj",
                        "self_attn.v_proj",
                        "self_attn.out_proj",
                        "mlp.fc1",
                        "mlp.fc2");
        static final List<String> CLIP_OUTSIDE = List.of("text_projection");
        static final List<String> T5 =
                List.of(
                        "layer.0.SelfAttention.q",
                        "layer.0.SelfAttention.k",
                        "layer.0.SelfAttention.v",
                        "layer.0.SelfAttention.o",
                        "layer.1.DenseReluDense.wi_0",
                        "layer.1.DenseReluDense.wi_1",
                        "layer.1.DenseReluDense.wo");
    }

    /** The names of both CLIPs, which are what is trained where none is named. */
    public static final String CLIPS = "clip-l,clip-g";

    /** The attention's projections are the first parts of each encoder. */
    private static final int ATTENTION = 4;

    private final String label;
    private final String component;
    private final String layers;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
    private final List<String> parts;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
    private final List<String> outside;

    TextTower(
            String label,
            String component,
            String layers,
            List<String> parts,
            List<String> outside) {
        this.label = label;
        this.component = component;
        this.layers = layers;
        this.parts = parts;
        this.outside = outside;
    }

    @Override
    public String label() {
        return label;
    }

    /**
     * Returns the encoders called {@code names}, with commas between, in that order.
     *
     * @throws ArgumentException for a name of none, or one that comes twice
     */
    public static Set<TextTower> named(String names) {
        Set<TextTower> towers = new LinkedHashSet<>();
        for (String name : names.split(",", -1)) {
            if (!towers.add(Labelled.of(values(), "text encoder", name.strip()))) {
                throw new ArgumentException("%s names %s twice".formatted(names, name.strip()));
            }
        }
        return towers;
    }

    /** Returns the name of its folder in a model, such as {@code text_encoder_2}. */
    public String component() {
        return component;
    }

    /** Returns the first part of the paths of its modules, such as {@code text_encoder_2.}. */
    public String prefix() {
        return component + ".";
    }

    /** Returns the path of a layer without its number, such as {@code encoder.block.}. */
    public String layers() {
        return layers;
    }

    /** Returns the paths within a layer of the linear layers, in the programs' order. */
    public List<String> parts() {
        return parts;
    }

    /** Returns the paths of linear layers outside of layers, in the programs' order. */
    public List<String> outside() {
        return outside;
    }

    /**
     * Returns whether {@code module}, one of this encoder, is a projection of its attention, as
     * diffusers' scripts adapt by default.
     */
    public boolean isAttention(String module) {
        return parts.stream().limit(ATTENTION).anyMatch(part -> module.endsWith("." + part));
    }

    /** Returns the encoder that a module with the path {@code module} belongs to. */
    public static Optional<TextTower> of(String module) {
        return Stream.of(values()).filter(tower -> module.startsWith(tower.prefix())).findFirst();
    }

    /** Returns the encoder in the folder {@code component} of a model. */
    public static Optional<TextTower> ofComponent(String component) {
        return Stream.of(values()).filter(tower -> tower.component.equals(component)).findFirst();
    }
}
