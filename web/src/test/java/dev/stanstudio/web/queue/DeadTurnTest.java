package dev.stanstudio.web.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A picture whose process died, with many others behind it. */
class DeadTurnTest {
    private static final int PICTURES = 60;

    @TempDir Path folder;

    /** As if a process that has died were drawing the picture at the end of the queue. */
    private static void die(Handle h) {
        String turn =
                h.createQuery("SELECT task_instance FROM scheduled_tasks LIMIT 1")
                        .mapTo(String.class)
                        .one();
        h.createUpdate(
                        "UPDATE scheduled_tasks SET picked = :picked, picked_by = 'dead',"
                                + " last_heartbeat = execution_time WHERE task_instance = :turn")
                .bind("picked", true)
                .bind("turn", turn)
                .execute();
        h.createUpdate(
                        "UPDATE picture SET state = 'running', token = :turn WHERE position ="
                                + " (SELECT MAX(position) FROM picture)")
                .bind("turn", turn)
                .execute();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void isDrawnBeforeThem(TestDatabase kind) {
        String url = kind.newUrl(folder);
        String id;
        try (DrawingStudio ordering = new DrawingStudio(folder, url, 0, Duration.ofSeconds(1))) {
            List<Integer> seeds = IntStream.range(0, PICTURES).boxed().toList();
            id =
                    ordering.visitor()
                            .order("\"prompts\":[\"x\"],\"steps\":1,\"seeds\":" + seeds)
                            .id();
        }
        try (Database database = Database.open(url, new StudioHome(folder).databaseFile())) {
            database.jdbi().useHandle(DeadTurnTest::die);
        }
        try (DrawingStudio drawing = new DrawingStudio(folder, url, 1, Duration.ofMillis(250))) {
            Ordered ordered = new Ordered(drawing.visitor(), id);
            List<String> states = ordered.await(now -> !now.get(PICTURES - 1).equals("running"));
            assertEquals("done", states.get(PICTURES - 1), ordered.pictures().toString());
            assertTrue(states.contains("queued"), states.toString());
            assertEquals(204, drawing.visitor().post("/generate/" + id + "/cancel").statusCode());
        }
    }
}
