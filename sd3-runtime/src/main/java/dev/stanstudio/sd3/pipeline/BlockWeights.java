package dev.stanstudio.sd3.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.sd3.mmdit.BlockRange;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Factors of an adapter's change in each block of the transformer, beside its own weight.
 *
 * @param named factors by block, from 0
 * @param others factor of the blocks that are not named
 * @param outside factor of the modules outside of blocks
 */
public record BlockWeights(SortedMap<Integer, Double> named, double others, double outside) {
    /** The same change in every block. */
    public static final BlockWeights ALL = new BlockWeights(new TreeMap<>(), 1, 1);

    private static final String REST = "*";
    private static final String OUTSIDE = "outside";
    private static final String GRAMMAR =
            "block weights are blocks with weights such as 0-5:1,6-11:0 (* for blocks that are not"
                    + " named, outside for modules outside of blocks), or blocks that count alone"
                    + " such as 0-5, not '%s'";

    /** Refuses weights that are not finite; keeps a copy. */
    public BlockWeights {
        named = Collections.unmodifiableSortedMap(new TreeMap<>(named));
        List<Double> all = new ArrayList<>(named.values());
        all.add(others);
        all.add(outside);
        if (!all.stream().allMatch(Double::isFinite)) {
            throw new ArgumentException("the weights of blocks must be numbers, not " + all);
        }
    }

    /**
     * Reads {@code 0-5:1,6-11:0.5}, where blocks that are not named keep the weight 1, {@code *}
     * names them, and {@code outside} the modules outside of blocks; or {@code 0-5,8}, which are
     * the only blocks that count.
     *
     * @throws ArgumentException that names what is wrong
     */
    @JsonCreator
    public static BlockWeights parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return ALL;
        }
        String[] parts = text.split(",", -1);
        boolean weighted = text.contains(":");
        TreeMap<Integer, Double> named = new TreeMap<>();
        Map<String, Double> rest = new TreeMap<>();
        for (String part : parts) {
            int colon = part.lastIndexOf(':');
            if (weighted != colon >= 0) {
                throw new ArgumentException(GRAMMAR.formatted(text));
            }
            String key = weighted ? part.substring(0, colon).strip() : part.strip();
            double weight = weighted ? number(text, part.substring(colon + 1).strip()) : 1;
            if (weighted && (key.equals(REST) || key.equals(OUTSIDE))) {
                once(text, key, rest.put(key, weight));
            } else {
                range(text, key).numbers().forEach(n -> once(text, n, named.put(n, weight)));
            }
        }
        double usual = weighted ? 1 : 0;
        return new BlockWeights(
                named, rest.getOrDefault(REST, usual), rest.getOrDefault(OUTSIDE, usual));
    }

    private static BlockRange range(String text, String key) {
        return BlockRange.read(key)
                .orElseThrow(() -> new ArgumentException(GRAMMAR.formatted(text)));
    }

    private static void once(String text, Object block, @Nullable Double before) {
        if (before != null) {
            throw new ArgumentException(
                    "the block weights '%s' name %s twice".formatted(text, block));
        }
    }

    private static double number(String text, String number) {
        try {
            return Decimal.parse(number);
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    "a weight in the block weights '%s' must be a number, not '%s'"
                            .formatted(text, number),
                    e);
        }
    }

    /** Returns whether nothing differs from an adapter without block weights. */
    public boolean isAll() {
        return others == 1 && outside == 1 && named.values().stream().allMatch(one -> one == 1);
    }

    /** Returns the factor of the module at {@code path}. */
    public double of(String path) {
        int block = MmditSlot.of(path).map(MmditSlot::block).orElse(MmditSlot.OUTSIDE);
        return block == MmditSlot.OUTSIDE ? outside : named.getOrDefault(block, others);
    }

    /**
     * Refuses blocks that a model does not have.
     *
     * @param model its name
     * @param blocks how many it has
     * @throws ArgumentException that names the block
     */
    public void check(String model, int blocks) {
        if (!named.isEmpty() && named.lastKey() >= blocks) {
            throw new ArgumentException(
                    "%s has the blocks 0 … %d; the block weights '%s' name block %d"
                            .formatted(model, blocks - 1, this, named.tailMap(blocks).firstKey()));
        }
    }

    /** Returns the text that {@link #parse} reads; empty for {@link #ALL}. */
    @JsonValue
    @Override
    public String toString() {
        boolean alone =
                others == 0
                        && outside == 0
                        && !named.isEmpty()
                        && named.values().stream().allMatch(one -> one == 1);
        List<String> parts = new ArrayList<>();
        for (Map.Entry<BlockRange, Double> run : runs().entrySet()) {
            parts.add(alone ? run.getKey().toString() : part(run.getKey(), run.getValue()));
        }
        if (!alone && others != 1) {
            parts.add(part(REST, others));
        }
        if (!alone && outside != 1) {
            parts.add(part(OUTSIDE, outside));
        }
        return parts.stream().collect(Collectors.joining(","));
    }

    private static String part(Object key, double weight) {
        String number = new BigDecimal(String.valueOf(weight)).stripTrailingZeros().toPlainString();
        return key + ":" + (weight == 0 ? "0" : number);
    }

    /** Returns neighbours of one weight as ranges, in their order. */
    private Map<BlockRange, Double> runs() {
        Map<BlockRange, Double> runs = new LinkedHashMap<>();
        int first = 0;
        for (Map.Entry<Integer, Double> one : named.entrySet()) {
            int block = one.getKey();
            first = one.getValue().equals(named.get(block - 1)) ? first : block;
            if (!one.getValue().equals(named.get(block + 1))) {
                runs.put(new BlockRange(first, block), one.getValue());
            }
        }
        return runs;
    }
}
