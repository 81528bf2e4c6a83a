package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weights of blocks, for the adapters of a request. */
final class BlockWeightOptions {
    private static final String NAME = "--block-weights";

    @Option(
            names = NAME,
            paramLabel = "[ADAPTER=]BLOCKS",
            description =
                    "Factors of an adapter's change by block: 0-5:1,6-11:0 (others: 1; * names"
                            + " them, outside the modules outside of blocks), or 0-5, the only"
                            + " blocks that count. ADAPTER may be left out where there is one. May"
                            + " be given several times.")
    @Nullable List<String> given;

    /** Reads a value: what names the adapter, empty for nothing, and its blocks. */
    private record Value(String adapter, BlockWeights blocks) {
        static Value parse(String text) {
            int equals = text.lastIndexOf('=');
            BlockWeights blocks = BlockWeights.parse(text.substring(equals + 1));
            if (blocks.equals(BlockWeights.ALL)) {
                throw new ArgumentException(
                        "%s '%s' has no blocks; give some, such as 0-5:1,6-11:0"
                                .formatted(NAME, text));
            }
            return new Value(equals < 0 ? "" : text.substring(0, equals), blocks);
        }

        boolean names(WeightedAdapter use) {
            return adapter.isEmpty()
                    || adapter.equals(use.path())
                    || adapter.equals(AdapterPlace.of(use.toPath()).name())
                    || adapter.equals(String.valueOf(use.toPath().getFileName()));
        }
    }

    /** Checks what can be checked without the adapters. */
    void check() {
        if (given != null) {
            given.forEach(Value::parse);
        }
    }

    /**
     * Refuses weights of blocks for adapters that name some themselves.
     *
     * @param uses as {@code --adapter} names them
     */
    List<WeightedAdapter> beside(List<WeightedAdapter> uses) {
        boolean named = uses.stream().anyMatch(use -> !use.blocks().equals(BlockWeights.ALL));
        if (given != null && named) {
            throw new ArgumentException(
                    "give weights of blocks by %s or in --adapter, not both".formatted(NAME));
        }
        return uses;
    }

    /**
     * Returns adapters with the weights of blocks that are given for them.
     *
     * @throws ArgumentException if one is for no adapter, or for several
     */
    List<WeightedAdapter> over(List<WeightedAdapter> uses) {
        List<WeightedAdapter> result = new ArrayList<>(uses);
        for (String text : given == null ? List.<String>of() : given) {
            Value value = Value.parse(text);
            int index = index(text, value, uses);
            result.set(index, uses.get(index).within(value.blocks()));
        }
        return List.copyOf(result);
    }

    private static int index(String text, Value value, List<WeightedAdapter> uses) {
        List<Integer> found =
                IntStream.range(0, uses.size())
                        .filter(i -> value.names(uses.get(i)))
                        .boxed()
                        .toList();
        if (uses.isEmpty()) {
            throw new ArgumentException(
                    "%s belongs to an adapter; name it with --adapter".formatted(NAME));
        }
        if (found.size() != 1) {
            throw new ArgumentException(
                    "%s %s is for %s of the adapters %s; write one of them and = before the blocks"
                            .formatted(
                                    NAME,
                                    text,
                                    found.isEmpty() ? "none" : found.size(),
                                    String.join(
                                            ", ",
                                            uses.stream().map(WeightedAdapter::path).toList())));
        }
        return found.get(0);
    }
}
