package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.Decimal;
import dev.stanstudio.base.UserException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the settings of the last sampler in ComfyUI's graph. Source: ComfyUI {@code nodes.py},
 * {@code comfy_extras/nodes_custom_sampler.py} and {@code nodes_sd3.py} for the names of nodes and
 * inputs.
 */
final class ComfyReading {
    static final String PROGRAM = "ComfyUI";
    static final String GRAPH = "prompt";
    static final String WORKFLOW = "workflow";

    private static final int MOST_NAMED = 12;

    /** Nodes that say nothing of how the picture was made. */
    private static final Set<String> SILENT =
            Set.of(
                    "VAEDecode",
                    "VAEDecodeTiled",
                    "VAELoader",
                    "CheckpointLoaderSimple",
                    "CLIPLoader",
                    "DualCLIPLoader",
                    "TripleCLIPLoader",
                    "QuadrupleCLIPLoader",
                    "Reroute",
                    "Note",
                    "MarkdownNote");

    private final ComfyGraph graph;
    private final ForeignDraft draft;
    private final ComfyOutput output;
    private final ComfyNode sampler;
    private final ComfyModel model;

    private ComfyReading(ComfyGraph graph, ForeignDraft draft) {
        this.graph = graph;
        this.draft = draft;
        output = ComfyOutput.of(graph, draft);
        sampler = output.sampler();
        model = new ComfyModel(graph, draft);
    }

    /**
     * The settings in a picture's texts, or nothing where they hold no graph.
     *
     * @throws UserException if they hold one that cannot be read
     */
    static Optional<ForeignSettings> read(Map<String, String> texts) {
        return graph(texts).map(graph -> new ComfyReading(graph, new ForeignDraft()).settings());
    }

    /** Adds a note where a picture has a graph beside the settings that were read. */
    static ForeignSettings noteUnread(Map<String, String> texts, ForeignSettings settings) {
        boolean graph = texts.getOrDefault(GRAPH, "").contains(ComfyGraph.MARK);
        return graph
                ? settings.noting("It carries ComfyUI's graph too, which is not read beside them.")
                : settings;
    }

    /** The editor's graph serves where there is no other. */
    private static Optional<ComfyGraph> graph(Map<String, String> texts) {
        return ForeignJson.object(texts.getOrDefault(GRAPH, ""), ComfyGraph.MARK, "ComfyUI's nodes")
                .flatMap(ComfyGraph::of)
                .or(
                        () ->
                                ForeignJson.object(
                                                texts.getOrDefault(WORKFLOW, ""),
                                                "\"nodes\"",
                                                "ComfyUI's nodes")
                                        .flatMap(ComfyWorkflow::graph));
    }

    private ForeignSettings settings() {
        graph.markRead(output.saver());
        graph.markRead(sampler);
        output.between().stream().filter(this::matters).forEach(this::noteBetween);
        noteEarlier();
        boolean custom = sampler.linked("sigmas") != null;
        if (sampler.type().equals("SamplerCustomAdvanced")) {
            advanced();
        } else {
            draft.take(Setting.SEED, () -> value(sampler, "seed", "noise_seed"));
            guided(sampler);
        }
        if (custom) {
            method();
        } else {
            draft.take(Setting.STEPS, () -> value(sampler, "steps"));
            draft.take(Setting.SAMPLER, () -> value(sampler, "sampler_name", "sampler"));
            draft.take(Setting.SCHEDULE, () -> value(sampler, "scheduler"));
            latents(quietly(sampler, "denoise"));
        }
        parts();
        draft.note(graph.guesses());
        noteRest();
        return draft.settings(PROGRAM);
    }

    private Optional<String> value(ComfyNode node, String... names) {
        return graph.value(node, node.having(names));
    }

    private Optional<String> quietly(ComfyNode node, String name) {
        try {
            return graph.value(node, name);
        } catch (UserException e) {
            draft.note("Not taken over: " + e.getMessage() + ".");
            return Optional.empty();
        }
    }

    private void latents(Optional<String> denoise) {
        new ComfyLatents(graph, draft).read(sampler, denoise);
    }

    /** Reads noise and guider, which have nodes of their own. */
    private void advanced() {
        draft.take(
                Setting.SEED,
                () -> {
                    ComfyNode noise = graph.follow(sampler, "noise");
                    if (noise.type().equals("DisableNoise")) {
                        draft.note("The node %s is not taken over.".formatted(noise.shown()));
                    }
                    return value(noise, "noise_seed", "seed");
                });
        try {
            guided(graph.follow(sampler, "guider"));
        } catch (UserException e) {
            draft.problem(Setting.PROMPT, String.valueOf(e.getMessage()));
        }
    }

    /** Reads the scale and both prompts of a sampler or guider, and what changes its model. */
    private void guided(ComfyNode node) {
        if (node.type().equals("BasicGuider")) {
            draft.put(Setting.GUIDANCE, "1");
        } else {
            draft.take(
                    Setting.GUIDANCE,
                    () -> value(node, "cfg", "cfg_scale", "guidance", "cfg_conds"));
        }
        ComfyPrompt prompts = new ComfyPrompt(graph, draft, model);
        String positive = node.linked("positive", "conditioning", "cond1");
        prompts.read(ComfyPrompt.Role.POSITIVE, node, positive == null ? "positive" : positive);
        if (node.linked("negative") != null) {
            prompts.read(ComfyPrompt.Role.NEGATIVE, node, "negative");
        }
        draft.attempt(() -> model.read(node, "model"));
    }

    /** Reads sampler and sigmas, which have nodes of their own. */
    private void method() {
        draft.take(
                Setting.SAMPLER,
                () -> {
                    ComfyNode node = graph.follow(sampler, "sampler");
                    return value(node, "sampler_name").or(() -> Optional.of(node.type()));
                });
        Optional<String> denoise = Optional.empty();
        try {
            ComfyNode sigmas = sigmas();
            draft.take(Setting.STEPS, () -> value(sigmas, "steps"));
            draft.take(
                    Setting.SCHEDULE,
                    () -> value(sigmas, "scheduler").or(() -> Optional.of(sigmas.type())));
            draft.attempt(() -> model.read(sigmas, "model"));
            denoise = quietly(sigmas, "denoise");
        } catch (UserException e) {
            draft.problem(Setting.STEPS, String.valueOf(e.getMessage()));
        }
        latents(denoise);
    }

    /** The node that makes the sigmas, past those that cut or change them. */
    private ComfyNode sigmas() {
        ComfyNode node = graph.follow(sampler, "sigmas");
        while (node.linked("sigmas") != null) {
            draft.note(
                    "The node %s changes the sigmas and is not taken over."
                            .formatted(node.shown()));
            node = graph.follow(node, "sigmas");
        }
        return node;
    }

    /** Notes a sampler that does only a part of its steps. */
    private void parts() {
        sampler.literal("add_noise")
                .filter(v -> v.equals("disable") || v.equals("false"))
                .ifPresent(v -> draft.untaken("add_noise", v));
        sampler.literal("start_at_step")
                .filter(v -> !v.equals("0"))
                .ifPresent(v -> draft.untaken("start_at_step", v));
        Optional<String> steps = sampler.literal("steps");
        sampler.literal("end_at_step")
                .filter(v -> isBelow(v, steps))
                .ifPresent(v -> draft.untaken("end_at_step", v));
    }

    private static boolean isBelow(String end, Optional<String> steps) {
        return Decimal.isOne(end)
                && steps.filter(Decimal::isOne)
                        .filter(all -> Decimal.parse(end) < Decimal.parse(all))
                        .isPresent();
    }

    private boolean matters(ComfyNode node) {
        return !node.equals(output.saver()) && !SILENT.contains(node.type());
    }

    private void noteBetween(ComfyNode node) {
        graph.markRead(node);
        draft.note(
                "The node %s changes the finished picture and is not taken over."
                        .formatted(node.shown()));
    }

    private void noteEarlier() {
        List<ComfyNode> earlier = output.earlier();
        if (!earlier.isEmpty()) {
            draft.note(
                    "Its graph has %d samplers before this picture; the settings are those of the last, %s; not taken over: %s."
                            .formatted(earlier.size() + 1, sampler.shown(), names(earlier)));
            earlier.forEach(graph::markRead);
        }
    }

    /** Names the nodes that lead to the picture and were not read. */
    private void noteRest() {
        List<ComfyNode> rest =
                output.reached().stream()
                        .filter(node -> !graph.isRead(node) && !SILENT.contains(node.type()))
                        .toList();
        if (!rest.isEmpty()) {
            draft.note("Further nodes before it are not taken over: " + names(rest) + ".");
        }
        int apart = graph.nodes().size() - output.reached().size();
        if (apart > 0) {
            draft.note("Nodes of its graph that do not lead to this picture: " + apart + ".");
        }
        graph.missing(node -> !graph.isRead(node))
                .ifPresent(what -> draft.note("In its graph " + what + "."));
    }

    private static String names(List<ComfyNode> nodes) {
        String more = nodes.size() > MOST_NAMED ? ", … " + nodes.size() + " in all" : "";
        return nodes.stream()
                        .limit(MOST_NAMED)
                        .map(ComfyNode::shown)
                        .collect(Collectors.joining(", "))
                + more;
    }
}
