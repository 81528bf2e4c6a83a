package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.NearestNames;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.ModuleGlob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The linear layers that an adapter changes, by parts of their paths. A name matches where its
 * dotted parts follow each other in a path, so {@code attn.to_q} is one projection of every block,
 * {@code attn2} the whole second attention and {@code ff} a feed-forward network; {@code *} stands
 * for any letters within one part. As PEFT's target_modules where a name is the end of a path.
 *
 * @param names what to change
 * @param blocks in which blocks
 * @param unread whether a projection is chosen too whose output the network discards
 */
public record TargetSelection(List<String> names, BlockSet blocks, boolean unread) {
    /** The eight projections of the joint attention, as the reference's training script. */
    public static final List<String> ATTENTION =
            List.of(
                    "attn.add_k_proj",
                    "attn.add_q_proj",
                    "attn.add_v_proj",
                    "attn.to_add_out",
                    "attn.to_k",
                    "attn.to_out.0",
                    "attn.to_q",
                    "attn.to_v");

    /** The joint attention of all blocks, but for the projection that nothing reads. */
    public static final TargetSelection DEFAULT = attention(BlockSet.ALL);

    /**
     * The text's query of the last block: the text stream ends there, so what the query attends to
     * is discarded. An adapter on it gets no gradient and changes nothing.
     */
    private static final String UNREAD = "transformer_blocks.%d.attn.add_q_proj";

    private static final Pattern BLOCK = Pattern.compile("transformer_blocks\\.(\\d+)\\.(.+)");

    /** Chooses everything that {@code names} match. */
    public TargetSelection(List<String> names, BlockSet blocks) {
        this(names, blocks, true);
    }

    /** Returns the joint attention of {@code blocks}, but for the projection that nothing reads. */
    public static TargetSelection attention(BlockSet blocks) {
        return new TargetSelection(ATTENTION, blocks, false);
    }

    /** Refuses an empty selection; keeps a copy of the names. */
    public TargetSelection {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new ArgumentException("name at least one module to adapt");
        }
    }

    /**
     * The selected modules of a model: weight shape [out, in] by path, in the order of the network.
     *
     * @throws ArgumentException for a name or a block that matches nothing; it names the nearest
     *     names
     */
    public Map<String, long[]> select(MmditConfig config) {
        return select(config, Set.of());
    }

    /**
     * The same with those of {@code kept} that are left out otherwise, as for an adapter of an
     * earlier version that is trained further.
     */
    public Map<String, long[]> select(MmditConfig config, Set<String> kept) {
        Map<String, long[]> layers = new LinkedHashMap<>(TargetModules.of(config));
        layers.values().removeIf(shape -> shape.length != 2);
        requireBlocks(config);
        for (String name : names) {
            requireMatch(name, layers.keySet());
        }
        List<ModuleGlob> globs = names.stream().map(ModuleGlob::of).toList();
        layers.keySet().removeIf(path -> !isInBlocks(path) || !matchesAny(globs, path));
        String last = UNREAD.formatted(config.numLayers() - 1);
        if (!unread && !kept.contains(last)) {
            layers.remove(last);
        }
        if (layers.isEmpty()) {
            throw new ArgumentException(
                    "the blocks " + blocks.numbers() + " have none of " + String.join(", ", names));
        }
        return Collections.unmodifiableMap(layers);
    }

    private void requireBlocks(MmditConfig config) {
        if (!blocks.isAll() && blocks.numbers().last() >= config.numLayers()) {
            throw new ArgumentException(
                    "the model has blocks 0 … %s, not %s"
                            .formatted(config.numLayers() - 1, blocks.numbers().last()));
        }
    }

    private static void requireMatch(String name, Set<String> paths) {
        if (paths.stream().noneMatch(ModuleGlob.of(name)::matches)) {
            throw new ArgumentException(
                    "no module is called '%s'; nearest are %s"
                            .formatted(
                                    name, String.join(", ", NearestNames.of(name, tails(paths)))));
        }
    }

    private boolean isInBlocks(String path) {
        Matcher block = BLOCK.matcher(path);
        return blocks.isAll()
                || (block.matches() && blocks.numbers().contains(Integer.valueOf(block.group(1))));
    }

    private static boolean matchesAny(List<ModuleGlob> globs, String path) {
        return globs.stream().anyMatch(glob -> glob.matches(path));
    }

    /** Paths without their blocks. */
    private static Set<String> tails(Set<String> paths) {
        Set<String> tails = new TreeSet<>();
        for (String path : paths) {
            Matcher block = BLOCK.matcher(path);
            tails.add(block.matches() ? block.group(2) : path);
        }
        return tails;
    }

    /**
     * The shortest list of names that PEFT would match to exactly {@code chosen}: ends of paths
     * where every block that has the module is chosen, else whole paths.
     */
    public static List<String> peftNames(Set<String> chosen, MmditConfig config) {
        Map<String, List<String>> byTail = new LinkedHashMap<>();
        for (String path : TargetModules.of(config).keySet()) {
            Matcher block = BLOCK.matcher(path);
            String tail = block.matches() ? block.group(2) : path;
            byTail.computeIfAbsent(tail, t -> new ArrayList<>()).add(path);
        }
        Set<String> names = new TreeSet<>();
        byTail.forEach(
                (tail, paths) -> {
                    if (chosen.containsAll(paths)) {
                        names.add(tail);
                    } else {
                        paths.stream().filter(chosen::contains).forEach(names::add);
                    }
                });
        return List.copyOf(names);
    }
}
