package dev.stanstudio.web.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures whose process dies or hangs; a turn that asks again stands for the next process. */
class RevivalTest {
    private static final String TURN = "turn";

    @TempDir Path folder;

    private static void insert(Jdbi jdbi, String id) {
        jdbi.useHandle(
                h -> {
                    h.execute(
                            "INSERT INTO matrix (id, owner, settings, created_at) VALUES (?, 'a',"
                                    + " '{}', 0)",
                            id);
                    h.execute(
                            "INSERT INTO picture (id, matrix_id, owner, place, prompt, style,"
                                + " method, seed, model, request, width, height, state, position,"
                                + " created_at, changed_at) VALUES (?, ?, 'a', 0, '', '', '', 1,"
                                + " 'm', '{}', 64, 64, 'queued', 1, 0, 0)",
                            id,
                            id);
                });
    }

    private static String column(Jdbi jdbi, String name) {
        return jdbi.withHandle(
                h -> h.createQuery("SELECT " + name + " FROM picture").mapTo(String.class).one());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPictureIsTakenUpTwiceAndThenFailed(TestDatabase kind) {
        Path file = folder.resolve("studio.db");
        try (Database database = Database.open(kind.newUrl(folder), file)) {
            PictureQueue queue = new PictureQueue(database, Clock.systemUTC());
            insert(database.jdbi(), "p");
            assertEquals(Optional.of("p"), queue.claim(TURN), "drawn");
            assertEquals(Optional.of("p"), queue.claim(TURN), "taken up once");
            assertEquals(Optional.of("p"), queue.claim(TURN), "taken up twice");
            assertEquals(Optional.empty(), queue.claim(TURN));
            assertEquals("failed", column(database.jdbi(), "state"));
            String remark = column(database.jdbi(), "remark");
            assertTrue(remark.contains("3 times"), remark);
            assertTrue(queue.retry("p"));
            assertEquals(Optional.of("p"), queue.claim(TURN));
            assertEquals(Optional.of("p"), queue.claim(TURN), "counted anew");
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aCancelledPictureIsNotTakenUpAgain(TestDatabase kind) {
        Path file = folder.resolve("studio.db");
        try (Database database = Database.open(kind.newUrl(folder), file)) {
            PictureQueue queue = new PictureQueue(database, Clock.systemUTC());
            insert(database.jdbi(), "p");
            assertEquals(Optional.of("p"), queue.claim(TURN));
            assertTrue(queue.cancel("p"));
            assertEquals(Optional.empty(), queue.claim(TURN));
            assertEquals("cancelled", column(database.jdbi(), "state"));
        }
    }

    @Test
    void aDrawingThatDoesNotStopIsLeft() {
        CountDownLatch never = new CountDownLatch(1);
        WorkerThread thread = new WorkerThread(() -> true, () -> false);
        assertThrows(
                WorkerThread.HangsException.class,
                () ->
                        thread.run(
                                () -> {
                                    while (never.getCount() > 0) {
                                        Thread.onSpinWait();
                                    }
                                    return "done";
                                }));
        never.countDown();
        assertEquals("done", thread.run(() -> "done"));
    }
}
