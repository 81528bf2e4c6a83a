package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text that one of a sampler's prompts comes from in ComfyUI's graph. */
final class ComfyPrompt {
    private static final String[] FIRST = {"clip_l", "text_l", "text", "prompt"};
    private static final String[] SECOND = {"clip_g", "text_g"};
    private static final String[] THIRD = {"t5xxl"};

    /** Inputs of encoders that are read, or say nothing of the text. */
    private static final Set<String> KNOWN =
            Set.of("clip_l", "text_l", "text", "prompt", "clip_g", "text_g", "t5xxl", "clip");

    /** A prompt's names in the graph, and where its texts go. */
    enum Role {
        POSITIVE("positive", Setting.PROMPT, Detail.PROMPT_2, Detail.PROMPT_3),
        NEGATIVE("negative", Setting.NEGATIVE, Detail.NEGATIVE_2, Detail.NEGATIVE_3);

        private final String input;
        private final Setting first;
        private final Detail second;
        private final Detail third;

        Role(String input, Setting first, Detail second, Detail third) {
            this.input = input;
            this.first = first;
            this.second = second;
            this.third = third;
        }

        /** The prompt's name in a sentence. */
        String named() {
            return this == POSITIVE ? "prompt" : "negative prompt";
        }
    }

    private static final Pattern EMBEDDING = Pattern.compile("\\bembedding:[^\\s,()]{1,100}");

    private final ComfyGraph graph;
    private final ForeignDraft draft;
    private final ComfyModel model;

    ComfyPrompt(ComfyGraph graph, ForeignDraft draft, ComfyModel model) {
        this.graph = graph;
        this.draft = draft;
        this.model = model;
    }

    /** Reads the prompt that {@code node} is given at {@code input}. */
    void read(Role role, ComfyNode node, String input) {
        draft.take(role.first, () -> text(role, node, input));
    }

    private Optional<String> text(Role role, ComfyNode from, String input) {
        Set<String> seen = new HashSet<>();
        ComfyNode node = from;
        String by = input;
        while (true) {
            node = graph.follow(node, by);
            if (!seen.add(node.id())) {
                throw new UserException(
                        "the nodes before the %s run in a circle at %s"
                                .formatted(role.named(), node.shown()));
            }
            if (node.type().equals("ConditioningZeroOut")) {
                draft.note(
                        "Its %s is set to zeros (%s), which differs a little from the empty text"
                                        .formatted(role.named(), node.shown())
                                + " here.");
                return Optional.of("");
            }
            if (isEncoder(node)) {
                return encoded(role, node);
            }
            by = onward(role, node);
            if (by == null) {
                throw unknown(role, node);
            }
        }
    }

    private static boolean isEncoder(ComfyNode node) {
        return node.linked("conditioning", "positive", "conditioning_1", "conditioning_to") == null
                && node.having(FIRST) != null;
    }

    private static UserException unknown(Role role, ComfyNode node) {
        return new UserException(
                "the %s comes from %s, a node that is not known here"
                        .formatted(role.named(), node.shown()));
    }

    private Optional<String> encoded(Role role, ComfyNode node) {
        String first = graph.value(node, node.having(FIRST)).orElse("");
        noteEmbedding(first);
        other(node, SECOND, first, role.second);
        other(node, THIRD, first, role.third);
        node.inputs()
                .keySet()
                .forEach(
                        name -> {
                            if (!KNOWN.contains(name)) {
                                node.literal(name).ifPresent(v -> draft.untaken(name, v));
                            }
                        });
        draft.attempt(() -> model.read(node, "clip"));
        return Optional.of(first);
    }

    private void noteEmbedding(String text) {
        Matcher embedding = EMBEDDING.matcher(text);
        if (embedding.find()) {
            draft.note(
                    "Embeddings such as %s are read as plain text."
                            .formatted(PromptSyntax.shown(embedding.group())));
        }
    }

    private void other(ComfyNode node, String[] names, String first, Detail detail) {
        graph.value(node, node.having(names))
                .filter(text -> !text.equals(first))
                .ifPresent(text -> draft.put(detail, names[0], text));
    }

    /** The input through which a conditioning goes on, and a note on its node; or null. */
    private @Nullable String onward(Role role, ComfyNode node) {
        String type = node.type().toLowerCase(Locale.ROOT);
        List<String> links = node.links().filter(n -> n.startsWith("conditioning")).toList();
        String next =
                node.linked(role.input) != null
                        ? role.input
                        : links.isEmpty()
                                ? null
                                : links.contains("conditioning_to")
                                        ? "conditioning_to"
                                        : links.get(0);
        if (next == null) {
            return null;
        }
        if (links.size() > 1) {
            draft.note(
                    "Its %s is made of several (%s), which cannot be taken over; the first is read."
                            .formatted(role.named(), node.shown()));
        } else if (!type.startsWith("reroute")) {
            draft.note(
                    "The node %s acts on the %s and is not taken over."
                            .formatted(node.shown(), role.named()));
        }
        return next;
    }
}
