package dev.stanstudio.adapter.file;

import dev.stanstudio.sd3.mmdit.BlockRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Summarises module paths: the same modules of many blocks become one line. */
final class BlockRanges {
    /** A text encoder's name, which stays with the module, the block's number and the module. */
    private static final Pattern BLOCK =
            Pattern.compile(
                    "(?:transformer_blocks|(text_encoder(?:_[23])?\\.)(?:text_model\\.encoder\\.layers|encoder\\.block))\\.(\\d{1,9})\\.(.+)");

    /**
     * Modules that stand in the same blocks.
     *
     * @param blocks such as {@code 0-11,13}; empty for modules outside of blocks
     * @param modules paths inside a block, or whole paths outside
     */
    record Group(String blocks, List<String> modules) {}

    private BlockRanges() {}

    /** Groups in the order of their first block, modules outside of blocks first. */
    static List<Group> of(Collection<String> paths) {
        Map<String, SortedSet<Integer>> blocks = new TreeMap<>();
        for (String path : paths) {
            Matcher block = BLOCK.matcher(path);
            boolean inside = block.matches();
            SortedSet<Integer> numbers =
                    blocks.computeIfAbsent(inside ? inBlock(block) : path, p -> new TreeSet<>());
            if (inside) {
                numbers.add(Integer.parseInt(block.group(2)));
            }
        }
        Map<SortedSet<Integer>, List<String>> groups = new LinkedHashMap<>();
        blocks.forEach(
                (module, numbers) ->
                        groups.computeIfAbsent(numbers, n -> new ArrayList<>()).add(module));
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> Integer.compare(first(a), first(b))))
                .map(group -> new Group(ranges(group.getKey()), List.copyOf(group.getValue())))
                .toList();
    }

    private static String inBlock(Matcher block) {
        return block.group(1) == null ? block.group(3) : block.group(1) + block.group(3);
    }

    private static int first(SortedSet<Integer> numbers) {
        return numbers.isEmpty() ? -1 : numbers.first();
    }

    private static String ranges(SortedSet<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        int from = -1;
        int last = -1;
        for (int number : numbers) {
            if (from >= 0 && number > last + 1) {
                ranges.add(new BlockRange(from, last).toString());
                from = -1;
            }
            from = from < 0 ? number : from;
            last = number;
        }
        if (from >= 0) {
            ranges.add(new BlockRange(from, last).toString());
        }
        return String.join(",", ranges);
    }
}
