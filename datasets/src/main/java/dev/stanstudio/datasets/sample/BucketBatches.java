package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.StatelessRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The batches of an epoch: every picture once, pictures of one size together, in a random order.
 */
public final class BucketBatches {
    private BucketBatches() {}

    /**
     * The batches of {@code epoch}, as indices into {@code sizes}. The order follows from seed and
     * epoch, so a resumed training gets the batches it would have had. What is left of a bucket
     * makes a smaller batch.
     *
     * @param sizes the bucket of each picture
     * @param batch the most pictures in a batch, at least 1
     */
    public static List<List<Integer>> of(List<BucketSize> sizes, int batch, long seed, long epoch) {
        if (batch < 1) {
            throw new IllegalArgumentException("batches of " + batch + " pictures; at least 1");
        }
        Map<BucketSize, List<Integer>> buckets = new LinkedHashMap<>();
        for (int i : shuffled(sizes.size(), seed, epoch)) {
            buckets.computeIfAbsent(sizes.get(i), size -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> batches = new ArrayList<>();
        for (List<Integer> own : buckets.values()) {
            for (int from = 0; from < own.size(); from += batch) {
                batches.add(List.copyOf(own.subList(from, Math.min(own.size(), from + batch))));
            }
        }
        return shuffled(batches.size(), ~seed, epoch).stream().map(batches::get).toList();
    }

    private static List<Integer> shuffled(int count, long seed, long epoch) {
        double[] lots = new double[count];
        for (int i = 0; i < count; i++) {
            lots[i] = StatelessRandom.unit(seed, i, epoch);
        }
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> lots[i]))
                .toList();
    }
}
