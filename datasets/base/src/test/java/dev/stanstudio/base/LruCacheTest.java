package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LruCacheTest {
    private final LruCache<Integer, String> cache = new LruCache<>(3);

    private List<Integer> kept(int keys) {
        return IntStream.range(0, keys).filter(key -> cache.find(key) != null).boxed().toList();
    }

    @Test
    void theValueThatWasNotUsedForLongestGoes() {
        cache.put(0, "a");
        cache.put(1, "b");
        cache.put(2, "c");
        assertEquals("a", cache.find(0));
        assertEquals("b", cache.get(1, key -> "computed"));
        cache.put(3, "d");
        assertEquals(List.of(0, 1, 3), kept(4));
    }

    @Test
    void neverMoreThanTheBoundAreKept() {
        for (int key = 0; key < 100; key++) {
            assertEquals("v" + key, cache.get(key, k -> "v" + k));
        }
        assertEquals(List.of(97, 98, 99), kept(100));
    }

    @Test
    void aRemovedValueIsComputedAgain() {
        assertEquals("first", cache.get(1, key -> "first"));
        cache.remove(1);
        assertNull(cache.find(1));
        assertEquals("second", cache.get(1, key -> "second"));
    }

    @Test
    void threadsThatUseItAtOnceLeaveTheBoundAndTheValuesRight() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> wrong = new ArrayList<>();
        try {
            for (int thread = 0; thread < 4; thread++) {
                int offset = thread;
                wrong.add(threads.submit(() -> wrong(start, offset)));
            }
            start.countDown();
            for (Future<Integer> future : wrong) {
                assertEquals(0, future.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(3, kept(8).size());
    }

    private int wrong(CountDownLatch start, int offset) throws InterruptedException {
        start.await();
        int wrong = 0;
        for (int i = 0; i < 20_000; i++) {
            int key = (i * 5 + offset) % 8;
            wrong += cache.get(key, k -> "v" + k).equals("v" + key) ? 0 : 1;
        }
        return wrong;
    }
}
