package dev.stanstudio.web.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of waiting pictures and who draws them, with a clock that tests set. */
class PictureQueueTest {
    private static final String MATRIX =
            "INSERT INTO matrix (id, owner, settings, created_at) VALUES ('m', 'a', '{}', 0)";
    private static final String PICTURE =
            """
            INSERT INTO picture (id, matrix_id, owner, place, prompt, style, method, seed, model,
                request, width, height, state, position, created_at, changed_at)
            VALUES (?, 'm', ?, 0, '', '', '', 1, 'n', '{}', 64, 64, 'queued', ?, 0, 0)
            """;

    @TempDir Path folder;

    private interface Test {
        void run(PictureQueue queue, Jdbi jdbi, SetClock clock);
    }

    /** Runs {@code test} with pictures named by their owner and a number, in the order given. */
    private void with(TestDatabase kind, List<String> pictures, Test test) {
        SetClock clock = new SetClock();
        Path file = folder.resolve("studio.db");
        try (Database database = Database.open(kind.newUrl(folder), file)) {
            Jdbi jdbi = database.jdbi();
            jdbi.useHandle(h -> h.execute(MATRIX));
            for (int i = 0; i < pictures.size(); i++) {
                String id = pictures.get(i);
                int position = i + 1;
                jdbi.useHandle(h -> h.execute(PICTURE, id, id.substring(0, 1), position));
            }
            test.run(new PictureQueue(database, clock), jdbi, clock);
        }
    }

    private static String claimed(PictureQueue queue, String token) {
        return queue.claim(token).orElse("nothing");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void ownersTakeTurns(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "a2", "a3", "b1", "b2", "c1"),
                (queue, jdbi, clock) -> {
                    List<String> fair = List.of("a1", "b1", "c1", "a2", "b2", "a3");
                    assertEquals(fair, queue.order());
                    assertEquals(
                            Map.of("a1", 1, "b1", 2, "c1", 3, "a2", 4, "b2", 5, "a3", 6),
                            queue.places());
                    for (String next : fair) {
                        assertEquals(next, claimed(queue, "turn of " + next));
                    }
                    assertEquals(Optional.empty(), queue.claim("one more"));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theOwnerServedLongestAgoIsNext(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "b1", "a2", "a3", "b2"),
                (queue, jdbi, clock) -> {
                    assertEquals("a1", claimed(queue, "1"));
                    assertEquals(List.of("b1", "a2", "b2", "a3"), queue.order());
                    assertTrue(queue.cancel("b1"));
                    assertEquals("b2", claimed(queue, "2"));
                    assertEquals("a2", claimed(queue, "3"));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aTurnThatHasBegunAPictureGetsItAgain(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "a2"),
                (queue, jdbi, clock) -> {
                    assertEquals("a1", claimed(queue, "turn"));
                    assertEquals("a1", claimed(queue, "turn"));
                    assertEquals("a2", claimed(queue, "another"));
                    assertTrue(queue.cancel("a1"));
                    assertTrue(queue.stopping("a1"));
                    assertEquals("nothing", claimed(queue, "turn"), "given up");
                    assertFalse(queue.cancel("a1"), "it has ended");
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aDeletedPictureIsStoppedAndItsTurnGetsTheNext(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "a2"),
                (queue, jdbi, clock) -> {
                    assertEquals("a1", claimed(queue, "turn"));
                    assertFalse(queue.stopping("a1"));
                    jdbi.useHandle(h -> h.execute("DELETE FROM picture WHERE id = 'a1'"));
                    assertTrue(queue.stopping("a1"));
                    assertEquals("a2", claimed(queue, "turn"));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aPausedQueueBeginsNothing(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "a2"),
                (queue, jdbi, clock) -> {
                    assertEquals("a1", claimed(queue, "turn"));
                    queue.pause(true);
                    assertEquals(new PictureQueue.Depth(1, 1, true), queue.depth());
                    assertEquals("nothing", claimed(queue, "another"));
                    assertEquals("a1", claimed(queue, "turn"), "what was begun is finished");
                    queue.pause(false);
                    assertEquals("a2", claimed(queue, "another"));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void waitingPicturesAreMovedWithinTheirPlaces(TestDatabase kind) {
        with(
                kind,
                List.of("a1", "a2", "a3", "a4"),
                (queue, jdbi, clock) -> {
                    assertTrue(queue.first("a4"));
                    assertEquals(List.of("a4", "a1", "a2", "a3"), queue.order());
                    assertEquals("a4", claimed(queue, "turn"));
                    queue.reorder(List.of("a3", "a4", "a1", "a3", "none"));
                    assertEquals(List.of("a3", "a2", "a1"), queue.order());
                    queue.fail("a4", "because");
                    assertTrue(queue.retry("a4"));
                    assertEquals(List.of("a3", "a2", "a1", "a4"), queue.order(), "at the end");
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void timesAreThoseOfTheClock(TestDatabase kind) {
        with(
                kind,
                List.of("a1"),
                (queue, jdbi, clock) -> {
                    long begun = clock.millis();
                    assertEquals("a1", claimed(queue, "turn"));
                    clock.move(Duration.ofSeconds(5));
                    queue.finish("a1", "");
                    queue.fail("a1", "too late");
                    List<Map<String, Object>> rows =
                            jdbi.withHandle(
                                    h ->
                                            h.createQuery(
                                                            "SELECT state, started_at, finished_at"
                                                                    + " FROM picture")
                                                    .mapToMap()
                                                    .list());
                    assertEquals("done", rows.get(0).get("state"));
                    assertEquals(begun, ((Number) rows.get(0).get("started_at")).longValue());
                    assertEquals(
                            begun + 5000, ((Number) rows.get(0).get("finished_at")).longValue());
                });
    }
}
