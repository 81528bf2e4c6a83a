package dev.stanstudio.scoring.compute;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Work that processors take one piece at a time. A parallel stream deals out a few large shares
 * beforehand, and then all wait for the processor that another program slowed down.
 */
final class Dealt {
    private Dealt() {}

    /** What {@code make} makes of each of {@code items}, in their order. */
    static <T, R> List<R> map(List<T> items, Function<T, R> make) {
        AtomicReferenceArray<R> made = new AtomicReferenceArray<>(items.size());
        AtomicInteger next = new AtomicInteger();
        int hands = Math.min(items.size(), ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, hands)
                .parallel()
                .forEach(
                        hand -> {
                            int i = next.getAndIncrement();
                            while (i < items.size()) {
                                made.set(i, make.apply(items.get(i)));
                                i = next.getAndIncrement();
                            }
                        });
        return IntStream.range(0, items.size()).mapToObj(made::get).toList();
    }
}
