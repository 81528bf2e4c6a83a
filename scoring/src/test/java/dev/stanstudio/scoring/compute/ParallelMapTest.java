package dev.stanstudio.scoring.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelMapTest {
    @Test
    void everyPieceIsMadeOnceAndKeepsItsPlace() {
        for (int count : new int[] {0, 1, 2, 7, 1000}) {
            List<Integer> items = IntStream.range(0, count).boxed().toList();
            AtomicIntegerArray times = new AtomicIntegerArray(count);
            List<String> made =
                    ParallelMap.map(
                            items,
                            i -> {
                                times.incrementAndGet(i);
                                return "piece " + i;
                            });
            assertEquals(items.stream().map(i -> "piece " + i).toList(), made);
            items.forEach(i -> assertEquals(1, times.get(i)));
        }
    }

    @Test
    void aFailureIsNotSwallowed() {
        IllegalStateException failure =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                ParallelMap.map(
                                        List.of(1, 2, 3),
                                        i -> {
                                            throw new IllegalStateException("piece");
                                        }));
        assertEquals("piece", failure.getMessage());
    }
}
