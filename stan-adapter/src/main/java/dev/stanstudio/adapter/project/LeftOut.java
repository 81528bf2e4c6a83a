package dev.stanstudio.adapter.project;

import dev.stanstudio.base.command.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A part of an adapter's file that is not applied. Immutable.
 *
 * @param kind what it is
 * @param names modules or tensors, in the file's order
 */
public record LeftOut(Kind kind, List<String> names) {
    /** Kinds of what is left out. */
    public enum Kind {
        /** Parts for a text encoder that no layer of it is called as. */
        TEXT_ENCODER,
        /** Trained words: textual inversions bundled with the adapter, PEFT's trainable tokens. */
        EMBEDDING,
        /**
         * State that PEFT keeps to continue a training (veLoRA, MonteCLoRA); the sum is without it.
         */
        TRAINING,
        /** Tensors whose names belong to no module of the network. */
        UNKNOWN,
        /** Fields of its configuration that this program does not know. */
        SETTING
    }

    private static final List<String> EMBEDDINGS =
            List.of(
                    "bundle_emb.",
                    "token_adapter.",
                    "trainable_tokens",
                    "emb_params",
                    "embeddings.");

    private static final List<String> TRAINING_STATE =
            List.of(".lora_velora_", ".lora_monteclora_");

    /** Keeps a copy of the names. */
    public LeftOut {
        names = List.copyOf(names);
    }

    /** Returns whether {@code key} is a trained word's. */
    public static boolean isEmbedding(String key) {
        return EMBEDDINGS.stream().anyMatch(key::contains);
    }

    /** Returns whether {@code key} is of use only to continue a training. */
    public static boolean isTrainingState(String key) {
        return TRAINING_STATE.stream().anyMatch(key::contains);
    }

    /**
     * Lists what a file holds beside what is applied.
     *
     * @param textEncoders unknown modules by text encoder
     * @param others keys that are not applied
     * @param settings fields of its configuration that are not known
     */
    public static List<LeftOut> of(
            Map<String, List<String>> textEncoders, List<String> others, List<String> settings) {
        List<LeftOut> all = new ArrayList<>();
        textEncoders.forEach(
                (encoder, modules) ->
                        all.add(
                                new LeftOut(
                                        Kind.TEXT_ENCODER,
                                        modules.stream().map(m -> encoder + "." + m).toList())));
        add(all, Kind.EMBEDDING, others.stream().filter(LeftOut::isEmbedding).toList());
        add(all, Kind.TRAINING, others.stream().filter(LeftOut::isTrainingState).toList());
        add(
                all,
                Kind.UNKNOWN,
                others.stream().filter(k -> !isEmbedding(k) && !isTrainingState(k)).toList());
        add(all, Kind.SETTING, settings);
        return List.copyOf(all);
    }

    private static void add(List<LeftOut> all, Kind kind, List<String> names) {
        if (!names.isEmpty()) {
            all.add(new LeftOut(kind, names));
        }
    }

    /** One line for people, without the adapter's name. */
    public String message() {
        String first = TerminalText.escaped(names.get(0));
        return switch (kind) {
            case TEXT_ENCODER ->
                    "%d modules of %s are left out, since no layer of the encoder that can be changed is called so, such as %s; the picture differs from that of programs that apply them"
                            .formatted(names.size(), first.substring(0, first.indexOf('.')), first);
            case EMBEDDING ->
                    "%d tensors of trained words are left out, such as %s; the words mean what they mean to the model alone"
                            .formatted(names.size(), first);
            case TRAINING ->
                    "%d tensors are left out that PEFT uses only while it trains, such as %s; the change is whole without them"
                            .formatted(names.size(), first);
            case UNKNOWN ->
                    "%d tensors belong to no module known here and are left out, such as %s"
                            .formatted(names.size(), first);
            case SETTING ->
                    "%d settings of its configuration are not known here and are not followed, such as %s; what it does may differ from what it was trained to do"
                            .formatted(names.size(), first);
        };
    }
}
