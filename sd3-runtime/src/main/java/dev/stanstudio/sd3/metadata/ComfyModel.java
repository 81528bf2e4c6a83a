package dev.stanstudio.sd3.metadata;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the nodes between a model's file and its sampler or text encoder in ComfyUI's graph. */
final class ComfyModel {
    private static final String[] FILES = {
        "ckpt_name", "unet_name", "model_name", "gguf_name", "diffusion_name"
    };

    private final ComfyGraph graph;
    private final ForeignDraft draft;
    private final Set<String> seen = new HashSet<>();

    ComfyModel(ComfyGraph graph, ForeignDraft draft) {
        this.graph = graph;
        this.draft = draft;
    }

    /** Reads what changes the model that {@code node} is given at {@code input}. */
    void read(ComfyNode node, String input) {
        ComfyNode at = node;
        String by = input;
        while (by != null && at.linked(by) != null) {
            at = graph.follow(at, by);
            if (!seen.add(at.id())) {
                return;
            }
            change(at);
            by = at.linked(input, "model", "clip", "base_model");
        }
    }

    private void change(ComfyNode node) {
        String type = node.type();
        if (type.equals("ModelSamplingSD3")) {
            graph.value(node, "shift").ifPresent(v -> draft.put(Detail.SHIFT, "shift", v));
        } else if (type.equals("SkipLayerGuidanceSD3")) {
            skipLayers(node);
        } else if (type.toLowerCase(Locale.ROOT).contains("lora")) {
            loras(node);
        } else if (type.equals("CLIPSetLastLayer")) {
            graph.value(node, "stop_at_clip_layer")
                    .ifPresent(v -> draft.untaken("stop_at_clip_layer", v));
        } else if (node.linked("model", "clip") != null) {
            draft.note("The node %s is not taken over.".formatted(node.shown()));
        } else {
            file(node);
        }
    }

    private void skipLayers(ComfyNode node) {
        detail(node, "layers", Detail.SKIP_LAYERS);
        detail(node, "scale", Detail.SKIP_SCALE);
        detail(node, "start_percent", Detail.SKIP_START);
        detail(node, "end_percent", Detail.SKIP_STOP);
        draft.note(
                "Skip-layer guidance begins and ends at shares of the steps here, at noise levels"
                        + " in ComfyUI.");
    }

    private void detail(ComfyNode node, String input, Detail detail) {
        graph.value(node, input).ifPresent(v -> draft.put(detail, "skip-layer " + input, v));
    }

    /** Some nodes load several, each as an object with its name. */
    private void loras(ComfyNode node) {
        Optional<String> one = graph.value(node, node.having("lora_name", "lora"));
        one.ifPresent(name -> lora(name, node.literal("strength_model").orElse("")));
        long several =
                node.inputs().values().stream()
                        .filter(v -> v.path("lora").isTextual() && v.path("on").asBoolean(true))
                        .peek(v -> lora(v.path("lora").asText(), v.path("strength").asText()))
                        .count();
        if (one.isEmpty() && several == 0) {
            draft.note("The node %s is not taken over.".formatted(node.shown()));
        }
    }

    private void lora(String name, String strength) {
        draft.untaken("LoRA", strength.isEmpty() ? name : name + " (strength " + strength + ")");
    }

    private void file(ComfyNode node) {
        graph.value(node, node.having(FILES))
                .ifPresent(name -> draft.note(UnusedSettings.model(name, null)));
    }
}
