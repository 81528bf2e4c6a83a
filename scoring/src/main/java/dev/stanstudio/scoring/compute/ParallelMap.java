package dev.stanstudio.scoring.compute;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Work that processors take one piece at a time. A parallel stream deals out a few large shares
 * beforehand, and then all wait for the processor that another program slowed down.
 */
final class ParallelMap {
    private ParallelMap() {}

    /**
     * What {@code make} makes of each of {@code items}, in their order. Where it fails, no further
     * piece is begun and the first failure is thrown as it was; a stream would wrap it.
     */
    static <T, R> List<R> map(List<T> items, Function<T, R> make) {
        AtomicReferenceArray<R> made = new AtomicReferenceArray<>(items.size());
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        AtomicInteger next = new AtomicInteger();
        Runnable hand =
                () -> {
                    int i = next.getAndIncrement();
                    while (i < items.size() && failure.get() == null) {
                        made.set(i, make.apply(items.get(i)));
                        i = next.getAndIncrement();
                    }
                };
        int hands = Math.min(items.size(), ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, hands).parallel().forEach(h -> run(hand, failure));
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
        return IntStream.range(0, items.size()).mapToObj(made::get).toList();
    }

    private static void run(Runnable hand, AtomicReference<@Nullable RuntimeException> failure) {
        try {
            hand.run();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }
}
