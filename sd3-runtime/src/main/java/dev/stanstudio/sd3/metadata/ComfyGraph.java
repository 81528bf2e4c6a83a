package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ComfyUI's graph as its interface takes it: nodes by their names, each with a class and inputs. It
 * remembers the nodes that were read. For one thread.
 */
final class ComfyGraph {
    /** A graph's text holds this key; a prompt in words does not. */
    static final String MARK = "\"class_type\"";

    private static final int MOST_READ = 20_000;
    private static final int DEEPEST = 50;

    /** Nodes that only hand on a value that was typed into them. */
    private static final Pattern PLAIN_VALUE =
            Pattern.compile(
                    "(?i)primitive.*|reroute.*|.*\\bseed\\b.*|(?:cr |easy )?(?:string|int|float"
                            + "|integer|text|number|constant|showtext)"
                            + "(?:[ _(|]?multiline.*|\\|.*| ?node|constant)?");

    private static final String[] VALUES = {
        "value",
        "text",
        "string",
        "String",
        "Text",
        "seed",
        "noise_seed",
        "int",
        "Number",
        "number",
        "float",
        "Value",
        "prompt",
        "INT",
        "any"
    };

    private final Map<String, ComfyNode> nodes;
    private final Set<String> read = new HashSet<>();
    private final Set<String> guesses = new HashSet<>();
    private int steps;

    ComfyGraph(Map<String, ComfyNode> nodes) {
        this.nodes = new LinkedHashMap<>(nodes);
    }

    /** The graph in an object of nodes, or nothing where no member is one. */
    static Optional<ComfyGraph> of(JsonNode root) {
        Map<String, ComfyNode> nodes = new LinkedHashMap<>();
        root.properties()
                .forEach(
                        entry -> {
                            JsonNode type = entry.getValue().path("class_type");
                            if (type.isTextual()) {
                                nodes.put(
                                        entry.getKey(),
                                        node(entry.getKey(), type, entry.getValue()));
                            }
                        });
        return nodes.isEmpty() ? Optional.empty() : Optional.of(new ComfyGraph(nodes));
    }

    private static ComfyNode node(String id, JsonNode type, JsonNode node) {
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        node.path("inputs").properties().forEach(e -> inputs.put(e.getKey(), e.getValue()));
        return new ComfyNode(id, type.asText(), inputs);
    }

    Collection<ComfyNode> nodes() {
        return nodes.values();
    }

    /** The node that an input is linked to, as it stands; null where there is none. */
    @Nullable ComfyNode behind(ComfyNode node, String input) {
        ComfyNode.Link link = ComfyNode.Link.of(node.inputs().get(input));
        return link == null ? null : nodes.get(link.id());
    }

    /** Says which node one of {@code among} leads to that is not there. */
    Optional<String> missing(Predicate<ComfyNode> among) {
        return nodes.values().stream()
                .filter(among)
                .flatMap(
                        node ->
                                node.links()
                                        .filter(input -> behind(node, input) == null)
                                        .map(input -> missing(node, input)))
                .findFirst();
    }

    private static String missing(ComfyNode node, String input) {
        return "the node that the input %s of %s leads to is missing"
                .formatted(input, node.shown());
    }

    void markRead(ComfyNode node) {
        read.add(node.id());
    }

    boolean isRead(ComfyNode node) {
        return read.contains(node.id());
    }

    /**
     * The node that an input is linked to, past nodes that only lead wires.
     *
     * @throws UserException if there is none
     */
    ComfyNode follow(ComfyNode node, String input) {
        ComfyNode at = next(node, input);
        while (at.type().startsWith("Reroute") && at.links().count() == 1) {
            at = next(at, at.links().findFirst().orElseThrow());
        }
        return at;
    }

    private ComfyNode next(ComfyNode node, String input) {
        if (++steps > MOST_READ) {
            throw new UserException("the nodes run in a circle or are too many at " + node.shown());
        }
        ComfyNode.Link link = ComfyNode.Link.of(node.inputs().get(input));
        if (link == null) {
            throw new UserException(node.shown() + " has nothing at its input " + input);
        }
        ComfyNode at = nodes.get(link.id());
        if (at == null) {
            throw new UserException(missing(node, input));
        }
        read.add(at.id());
        return at;
    }

    /**
     * The value of an input, wherever it was typed in; nothing where the node has no such input.
     *
     * @throws UserException if it cannot be read
     */
    Optional<String> value(ComfyNode node, @Nullable String input) {
        return input == null || node.having(input) == null
                ? Optional.empty()
                : Optional.of(value(node, input, 0));
    }

    private String value(ComfyNode node, String input, int depth) {
        ComfyNode at = node;
        String key = input;
        while (ComfyNode.Link.of(at.inputs().get(key)) != null) {
            at = next(at, key);
            if (at.type().equals("StringConcatenate")) {
                return joined(at, depth + 1);
            }
            key = carrying(at, key, node.shown() + "'s " + input);
        }
        String holder = at.shown();
        String name = key;
        return at.literal(key)
                .orElseThrow(
                        () -> new UserException(name + " of " + holder + " is no single value"));
    }

    private String joined(ComfyNode node, int depth) {
        if (depth > DEEPEST) {
            throw new UserException("the texts are joined too deeply at " + node.shown());
        }
        String first = part(node, "string_a", depth);
        String second = part(node, "string_b", depth);
        return first + part(node, "delimiter", depth) + second;
    }

    private String part(ComfyNode node, String name, int depth) {
        return node.having(name) == null ? "" : value(node, name, depth);
    }

    private String carrying(ComfyNode node, String wanted, String wish) {
        String same = node.having(wanted);
        String key = same != null ? same : node.having(VALUES);
        if (key == null && node.inputs().size() == 1) {
            key = node.inputs().keySet().iterator().next();
        }
        if (key == null) {
            throw new UserException(
                    "%s comes from %s, a node that is not known here"
                            .formatted(wish, node.shown()));
        }
        if (!PLAIN_VALUE.matcher(node.type()).matches() && !isEncoder(node)) {
            guesses.add(node.shown());
        }
        return key;
    }

    private static boolean isEncoder(ComfyNode node) {
        return node.type().startsWith("CLIPTextEncode");
    }

    /** Notes on nodes that may have changed the values that were taken from them. */
    List<String> guesses() {
        List<String> notes = new ArrayList<>();
        guesses.stream()
                .sorted()
                .limit(5)
                .forEach(
                        node ->
                                notes.add(
                                        "A value passed through %s, which may have changed it."
                                                .formatted(node)));
        return notes;
    }
}
