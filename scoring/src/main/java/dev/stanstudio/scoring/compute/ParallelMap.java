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
 * Maps lists in parallel, each thread fetching one item at a time. A parallel stream splits the
 * list into a few large parts in advance, and then all wait for the slowest processor.
 */
final class ParallelMap {
    private ParallelMap() {}

    /**
     * Returns {@code function} of each of {@code items}, in their order. After a failure no further
     * item is started and the first failure is thrown as it was; a stream would wrap it.
     */
    static <T, R> List<R> map(List<T> items, Function<T, R> function) {
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        AtomicInteger next = new AtomicInteger();
        Runnable worker =
                () -> {
                    int i = next.getAndIncrement();
                    while (i < items.size() && failure.get() == null) {
                        results.set(i, function.apply(items.get(i)));
                        i = next.getAndIncrement();
                    }
                };
        int workers = Math.min(items.size(), ForkJoinPool.getCommonPoolParallelism() + 1);
        IntStream.range(0, workers).parallel().forEach(number -> run(worker, failure));
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
        return IntStream.range(0, items.size()).mapToObj(results::get).toList();
    }

    private static void run(Runnable worker, AtomicReference<@Nullable RuntimeException> failure) {
        try {
            worker.run();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }
}
