package dev.stanstudio.web.study.vote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.store.Rater;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Voters whose programs ask for pictures without end. */
class ViewLimitTest {
    private static final byte[] VIEW = {1};

    private static Rater rater(String id) {
        return new Rater(id, "study", 0);
    }

    private static int refusal(ViewLimit limit, String rater) {
        return assertThrows(PageException.class, () -> limit.make(rater(rater), () -> VIEW))
                .status();
    }

    @Test
    void oneRaterWantsNoMoreThanAPageShowsAndACrowdWaits() throws Exception {
        ViewLimit limit = new ViewLimit();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<byte[]>> views = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < 124; i++) {
                Rater rater = rater(i < 24 ? "a" : "b" + i);
                views.add(threads.submit(() -> limit.make(rater, () -> after(go))));
            }
            while (limit.wanted() < 124) {
                Thread.onSpinWait();
            }
            assertEquals(429, refusal(limit, "a"));
            go.countDown();
            for (Future<byte[]> view : views) {
                assertArrayEquals(VIEW, view.get(1, TimeUnit.MINUTES));
            }
        } finally {
            go.countDown();
            threads.shutdownNow();
        }
        assertEquals(0, limit.wanted());
        assertArrayEquals(VIEW, limit.make(rater("a"), () -> VIEW), "no place is held for good");
    }

    private static byte[] after(CountDownLatch go) {
        try {
            go.await();
            return VIEW;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDamagedPictureHoldsNoPlace() {
        ViewLimit limit = new ViewLimit();
        for (int i = 0; i < 50; i++) {
            assertThrows(
                    IllegalStateException.class,
                    () ->
                            limit.make(
                                    rater("a"),
                                    () -> {
                                        throw new IllegalStateException("damaged");
                                    }));
        }
        assertArrayEquals(VIEW, limit.make(rater("a"), () -> VIEW));
    }
}
