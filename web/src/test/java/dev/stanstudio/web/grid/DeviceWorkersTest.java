package dev.stanstudio.web.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.testing.Goldens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers on stand-in devices: rows once each, failures, pipelines of their own. */
class DeviceWorkersTest {
    private static DeviceWorkers workers(int count) {
        return new DeviceWorkers(
                IntStream.range(0, count)
                        .mapToObj(
                                i ->
                                        new Sd3Pipeline(
                                                Sd3Model.load(
                                                        ModelSource.open(
                                                                Goldens.own("tiny-3.0"),
                                                                null,
                                                                null),
                                                        LoadOptions.plain())))
                        .toList());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void everyRowIsDrawnOnceAndEveryWorkerDraws() {
        Set<Sd3Pipeline> used = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<Integer> rows = new ConcurrentLinkedQueue<>();
        CountDownLatch both = new CountDownLatch(2);
        try (DeviceWorkers workers = workers(2)) {
            workers.run(
                    9,
                    (pipeline, row) -> {
                        if (used.add(pipeline)) {
                            both.countDown();
                            await(both);
                        }
                        rows.add(row);
                    },
                    note -> {
                        throw new AssertionError(note);
                    });
        }
        assertEquals(2, used.size());
        assertEquals(9, rows.size());
        assertEquals(IntStream.range(0, 9).boxed().collect(Collectors.toSet()), Set.copyOf(rows));
    }

    @Test
    void failureOfOneWorkerEndsTheGridAndNamesItsDevice() {
        List<String> notes = new ArrayList<>();
        Set<Integer> drawn = ConcurrentHashMap.newKeySet();
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch noted = new CountDownLatch(1);
        try (DeviceWorkers workers = workers(2)) {
            UserException failure =
                    assertThrows(
                            UserException.class,
                            () ->
                                    workers.run(
                                            100,
                                            (pipeline, row) -> {
                                                begun.countDown();
                                                await(begun);
                                                if (row == 1) {
                                                    throw new UserException("no room");
                                                }
                                                await(noted);
                                                drawn.add(row);
                                            },
                                            note -> {
                                                notes.add(note);
                                                noted.countDown();
                                            }));
            assertEquals("no room", failure.getMessage());
        }
        assertEquals(1, notes.size());
        assertTrue(
                notes.get(0).matches("worker [12] of 2 \\(cpu\\) stopped: no room"), notes.get(0));
        assertEquals(Set.of(0), drawn, "the row that was begun is ended, no other begins");
    }
}
