package dev.stanstudio.datasets.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketBatchesTest {
    private static List<BucketSize> sizes(int count) {
        return IntStream.range(0, count).mapToObj(i -> new BucketSize(64, 64 + i % 3)).toList();
    }

    @Test
    void everyPictureComesOnceAndBatchesAreOfOneSize() {
        List<BucketSize> sizes = sizes(100);
        List<List<Integer>> batches = BucketBatches.of(sizes, 4, 1, 0);
        List<Integer> all = new ArrayList<>();
        for (List<Integer> batch : batches) {
            assertEquals(1, batch.stream().map(sizes::get).distinct().count());
            assertTrue(batch.size() <= 4);
            all.addAll(batch);
        }
        assertEquals(IntStream.range(0, 100).boxed().toList(), all.stream().sorted().toList());
        assertEquals(27, batches.size(), "34, 33 and 33 pictures by four");
    }

    @Test
    void theOrderFollowsFromSeedAndEpoch() {
        List<List<Integer>> first = BucketBatches.of(sizes(50), 2, 1, 0);
        assertEquals(first, BucketBatches.of(sizes(50), 2, 1, 0));
        assertNotEquals(first, BucketBatches.of(sizes(50), 2, 1, 1));
        assertNotEquals(first, BucketBatches.of(sizes(50), 2, 2, 0));
    }

    /** Buckets must not come one after the other, or training would go in waves. */
    @Test
    void bucketsAreMixed() {
        List<BucketSize> sizes = sizes(300);
        List<List<Integer>> batches = BucketBatches.of(sizes, 1, 3, 0);
        int changes = 0;
        for (int i = 1; i < batches.size(); i++) {
            BucketSize before = sizes.get(batches.get(i - 1).get(0));
            changes += before.equals(sizes.get(batches.get(i).get(0))) ? 0 : 1;
        }
        assertTrue(changes > 150, changes + " changes");
    }

    @Test
    void refusesEmptyBatches() {
        assertThrows(IllegalArgumentException.class, () -> BucketBatches.of(sizes(3), 0, 0, 0));
    }
}
