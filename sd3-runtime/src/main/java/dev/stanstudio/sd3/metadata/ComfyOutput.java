package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.UserException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way from the node that saved a picture back to its sampler.
 *
 * @param saver the node that saved it
 * @param sampler the last sampler before it
 * @param between nodes between the two, from the saver on
 * @param earlier further samplers that lead to it
 * @param reached every node that leads to it
 */
record ComfyOutput(
        ComfyNode saver,
        ComfyNode sampler,
        List<ComfyNode> between,
        List<ComfyNode> earlier,
        Set<ComfyNode> reached) {
    private static final int MOST_SAVERS = 50;

    /** Inputs that carry pictures come before masks and texts. */
    private static final List<String> PICTURES =
            List.of(
                    "images",
                    "image",
                    "samples",
                    "latent_image",
                    "latent",
                    "latents",
                    "pixels",
                    "frames");

    /**
     * Finds the output of a graph with the most samplers before it.
     *
     * @throws UserException if no sampler leads to one
     */
    static ComfyOutput of(ComfyGraph graph, ForeignDraft draft) {
        List<ComfyOutput> found = new ArrayList<>();
        for (ComfyNode saver : savers(graph)) {
            ComfyOutput output = from(graph, saver);
            if (output != null) {
                found.add(output);
            }
        }
        ComfyOutput best =
                found.stream()
                        .max(
                                Comparator.comparing((ComfyOutput o) -> !isPreview(o.saver))
                                        .thenComparing(o -> o.earlier.size()))
                        .orElseThrow(() -> new UserException(withoutSampler(graph)));
        long others = found.stream().filter(o -> !o.sampler.equals(best.sampler)).count();
        if (others > 0) {
            draft.note(
                    "Its graph saves %d pictures; the settings are those of %s."
                            .formatted(others + 1, best.saver.shown()));
        }
        return best;
    }

    /** Nodes that nothing follows, and those that save by name. */
    private static List<ComfyNode> savers(ComfyGraph graph) {
        Set<String> followed = new HashSet<>();
        for (ComfyNode node : graph.nodes()) {
            node.links()
                    .map(input -> graph.behind(node, input))
                    .forEach(
                            behind -> {
                                if (behind != null) {
                                    followed.add(behind.id());
                                }
                            });
        }
        return graph.nodes().stream()
                .filter(node -> !isSampler(node) && node.links().findAny().isPresent())
                .filter(node -> isSaver(node) || !followed.contains(node.id()))
                .sorted(Comparator.comparing((ComfyNode node) -> !isSaver(node)))
                .limit(MOST_SAVERS)
                .toList();
    }

    private static boolean isSaver(ComfyNode node) {
        String type = node.type().toLowerCase(Locale.ROOT);
        return type.contains("save") && type.contains("image") && !isPreview(node);
    }

    private static boolean isPreview(ComfyNode node) {
        return node.type().toLowerCase(Locale.ROOT).contains("preview");
    }

    /** Samplers take latents, and name their method or are given one. */
    static boolean isSampler(ComfyNode node) {
        return node.type().equals("SamplerCustomAdvanced")
                || (node.having("latent_image", "latent", "samples", "latents", "optional_latent")
                                != null
                        && node.having("sampler_name", "sampler") != null
                        && node.having("steps", "sigmas") != null);
    }

    private static @Nullable ComfyOutput from(ComfyGraph graph, ComfyNode saver) {
        Map<ComfyNode, ComfyNode> followers = new HashMap<>();
        Set<ComfyNode> reached = new LinkedHashSet<>(List.of(saver));
        List<ComfyNode> samplers = new ArrayList<>();
        Deque<ComfyNode> queue = new ArrayDeque<>(reached);
        while (!queue.isEmpty()) {
            ComfyNode node = queue.remove();
            if (isSampler(node)) {
                samplers.add(node);
            }
            for (String input : pictureFirst(node)) {
                ComfyNode behind = graph.behind(node, input);
                if (behind != null && reached.add(behind)) {
                    followers.put(behind, node);
                    queue.add(behind);
                }
            }
        }
        if (samplers.isEmpty()) {
            return null;
        }
        ComfyNode last = samplers.get(0);
        List<ComfyNode> between = new ArrayList<>();
        for (ComfyNode at = followers.get(last); at != null; at = followers.get(at)) {
            between.add(0, at);
        }
        return new ComfyOutput(saver, last, between, samplers.subList(1, samplers.size()), reached);
    }

    private static List<String> pictureFirst(ComfyNode node) {
        return Stream.concat(
                        PICTURES.stream().filter(name -> node.linked(name) != null),
                        node.links().filter(name -> !PICTURES.contains(name)))
                .toList();
    }

    private static String withoutSampler(ComfyGraph graph) {
        return "no sampler that is known here leads to a saved picture in ComfyUI's graph; "
                + graph.missing(node -> true).orElse("give the prompt and the settings yourself");
    }
}
