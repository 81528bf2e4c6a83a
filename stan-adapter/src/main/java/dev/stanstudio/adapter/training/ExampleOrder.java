package dev.stanstudio.adapter.training;

import dev.stanstudio.training.StepRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The pictures of each step. They follow from the seed and the step's number alone. Immutable.
 *
 * <p>With one size, epochs follow each other without a gap and every picture comes once in each.
 * With several, the pictures of a batch are of one size, and the last batch of a size is filled up
 * from the size's beginning, so that every batch is whole.
 */
final class ExampleOrder {
    private final List<int[]> sizes = new ArrayList<>();
    private final int count;
    private final int batch;
    private final long seed;
    private final long batches;

    ExampleOrder(Examples examples, int batch, long seed) {
        this.batch = batch;
        this.seed = seed;
        this.count = examples.count();
        Map<String, List<Integer>> bySize = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            bySize.computeIfAbsent(examples.bucket(i), size -> new ArrayList<>()).add(i);
        }
        long sum = 0;
        for (List<Integer> own : bySize.values()) {
            sizes.add(own.stream().mapToInt(Integer::intValue).toArray());
            sum += (own.size() + batch - 1) / batch;
        }
        batches = sum;
    }

    /** Steps until every picture was taken, at least 1. */
    long epoch() {
        return sizes.size() == 1 ? Math.max(1, count / batch) : batches;
    }

    /** The pictures of step {@code step}, counted from 0. */
    int[] chosen(long step) {
        return sizes.size() == 1 ? flat(step) : ofOneSize(step);
    }

    private int[] flat(long step) {
        int[] chosen = new int[batch];
        long epoch = -1;
        int[] order = new int[0];
        for (int i = 0; i < batch; i++) {
            long place = step * batch + i;
            if (place / count != epoch) {
                epoch = place / count;
                order = shuffled(sizes.get(0), random(epoch));
            }
            chosen[i] = order[(int) (place % count)];
        }
        return chosen;
    }

    private int[] ofOneSize(long step) {
        Random random = random(step / batches);
        List<int[]> all = new ArrayList<>();
        for (int[] size : sizes) {
            int[] order = shuffled(size, random);
            for (int from = 0; from < order.length; from += batch) {
                int[] one = new int[batch];
                for (int i = 0; i < batch; i++) {
                    one[i] = order[(from + i) % order.length];
                }
                all.add(one);
            }
        }
        int[] places = new int[all.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        return all.get(shuffled(places, random)[(int) (step % batches)]);
    }

    private Random random(long epoch) {
        return new Random(StepRandom.of(seed, ~epoch).nextLong());
    }

    private static int[] shuffled(int[] values, Random random) {
        int[] order = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = values[i];
        }
        return order;
    }
}
