package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates the graph of ComfyUI's editor, which keeps the values of a node in a row without their
 * names.
 */
final class ComfyWorkflow {
    private static final int MUTED = 2;
    private static final int BYPASSED = 4;

    /** Words that the editor adds behind a seed. */
    private static final Set<String> CONTROLS =
            Set.of("fixed", "randomize", "increment", "decrement");

    private static final Set<String> REMARKS = Set.of("Note", "MarkdownNote");

    /** The names of the values, in the order of ComfyUI's {@code INPUT_TYPES}. */
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("KSampler", "seed steps cfg sampler_name scheduler denoise"),
                    Map.entry(
                            "KSamplerAdvanced",
                            "add_noise noise_seed steps cfg sampler_name scheduler start_at_step"
                                    + " end_at_step return_with_leftover_noise"),
                    Map.entry("SamplerCustom", "add_noise noise_seed cfg"),
                    Map.entry("RandomNoise", "noise_seed"),
                    Map.entry("KSamplerSelect", "sampler_name"),
                    Map.entry("BasicScheduler", "scheduler steps denoise"),
                    Map.entry("CFGGuider", "cfg"),
                    Map.entry("CLIPTextEncode", "text"),
                    Map.entry("CLIPTextEncodeSD3", "clip_l clip_g t5xxl empty_padding"),
                    Map.entry("CLIPSetLastLayer", "stop_at_clip_layer"),
                    Map.entry("EmptyLatentImage", "width height batch_size"),
                    Map.entry("EmptySD3LatentImage", "width height batch_size"),
                    Map.entry("LatentUpscale", "upscale_method width height crop"),
                    Map.entry("LatentUpscaleBy", "upscale_method scale_by"),
                    Map.entry("ImageScale", "upscale_method width height crop"),
                    Map.entry("ImageScaleBy", "upscale_method scale_by"),
                    Map.entry("ModelSamplingSD3", "shift"),
                    Map.entry("SkipLayerGuidanceSD3", "layers scale start_percent end_percent"),
                    Map.entry("LoraLoader", "lora_name strength_model strength_clip"),
                    Map.entry("LoraLoaderModelOnly", "lora_name strength_model"),
                    Map.entry("CheckpointLoaderSimple", "ckpt_name"),
                    Map.entry("UNETLoader", "unet_name weight_dtype"),
                    Map.entry("LoadImage", "image"),
                    Map.entry("StringConcatenate", "string_a string_b delimiter"),
                    Map.entry("PrimitiveNode", "value"),
                    Map.entry("PrimitiveString", "value"),
                    Map.entry("PrimitiveStringMultiline", "value"),
                    Map.entry("PrimitiveInt", "value"),
                    Map.entry("PrimitiveFloat", "value"));

    private final Map<String, JsonNode> nodes = new LinkedHashMap<>();
    private final Map<String, ComfyNode.Link> links = new HashMap<>();
    private final Map<String, String> subgraphs = new HashMap<>();

    private ComfyWorkflow(JsonNode root) {
        root.path("nodes").forEach(node -> nodes.put(node.path("id").asText(), node));
        root.path("links")
                .forEach(
                        link ->
                                links.put(
                                        part(link, 0, "id").asText(),
                                        new ComfyNode.Link(
                                                part(link, 1, "origin_id").asText(),
                                                whole(part(link, 2, "origin_slot")))));
        root.path("definitions")
                .path("subgraphs")
                .forEach(g -> subgraphs.put(g.path("id").asText(), g.path("name").asText()));
    }

    /** Zero where it is no number of that size. */
    private static int whole(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : 0;
    }

    private static JsonNode part(JsonNode link, int index, String name) {
        return link.isArray() ? link.path(index) : link.path(name);
    }

    /** The graph, or nothing where {@code root} lists no node. */
    static Optional<ComfyGraph> graph(JsonNode root) {
        ComfyWorkflow workflow = new ComfyWorkflow(root);
        Map<String, ComfyNode> graph = new LinkedHashMap<>();
        workflow.nodes.forEach(
                (id, node) -> {
                    int mode = whole(node.path("mode"));
                    String type = node.path("type").asText();
                    if (mode != MUTED && mode != BYPASSED && !REMARKS.contains(type)) {
                        graph.put(id, workflow.node(id, type, node));
                    }
                });
        return graph.isEmpty() ? Optional.empty() : Optional.of(new ComfyGraph(graph));
    }

    private ComfyNode node(String id, String type, JsonNode node) {
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        node.path("inputs")
                .forEach(
                        input -> {
                            ComfyNode.Link link = origin(input);
                            if (link != null) {
                                inputs.put(input.path("name").asText(), json(link));
                            }
                        });
        values(type, node.path("widgets_values")).forEach(inputs::putIfAbsent);
        String shown = subgraphs.containsKey(type) ? "subgraph " + subgraphs.get(type) : type;
        return new ComfyNode(id, shown, inputs);
    }

    private static JsonNode json(ComfyNode.Link link) {
        return JsonNodeFactory.instance.arrayNode().add(link.id()).add(link.slot());
    }

    private static Map<String, JsonNode> values(String type, JsonNode values) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        values.properties().forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        String names = NAMES.get(type);
        if (values.isArray() && names != null) {
            List<JsonNode> row = new ArrayList<>();
            boolean afterSeed = false;
            for (JsonNode value : values) {
                if (!afterSeed || !CONTROLS.contains(value.asText())) {
                    row.add(value);
                }
                afterSeed = value.isIntegralNumber();
            }
            String[] each = names.split(" ", -1);
            for (int i = 0; i < Math.min(each.length, row.size()); i++) {
                named.put(each[i], row.get(i));
            }
        }
        return named;
    }

    /** The output that an input is linked to, past nodes that are switched off. */
    private ComfyNode.@Nullable Link origin(JsonNode input) {
        ComfyNode.Link link = link(input);
        Set<String> seen = new HashSet<>();
        while (link != null) {
            JsonNode node = nodes.get(link.id());
            if (node == null || whole(node.path("mode")) != BYPASSED || !seen.add(link.id())) {
                return link;
            }
            link = through(node, node.path("outputs").path(link.slot()).path("type").asText());
        }
        return null;
    }

    private ComfyNode.@Nullable Link through(JsonNode node, String type) {
        for (JsonNode input : node.path("inputs")) {
            ComfyNode.Link link = link(input);
            if (link != null && input.path("type").asText().equals(type)) {
                return link;
            }
        }
        return null;
    }

    private ComfyNode.@Nullable Link link(JsonNode input) {
        JsonNode id = input.path("link");
        return id.isIntegralNumber() || id.isTextual() ? links.get(id.asText()) : null;
    }
}
