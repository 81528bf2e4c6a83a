package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.testing.ServeProcess;
import dev.stanstudio.web.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes share a PostgreSQL and the folder of pictures. */
class TakeoverTest {
    /** Four of these without a sign of life and a worker is dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    @TempDir Path folder;

    /** The process that is killed. */
    public static final class Other {
        private Other() {}

        public static void main(String[] args) {
            DrawingStudio studio = new DrawingStudio(Path.of(args[0]), args[1], 1, HEARTBEAT);
            System.out.println(studio.address());
        }
    }

    @Test
    void theJobOfAKilledProcessIsFinishedByTheOther() throws IOException {
        Path home = folder.resolve("home");
        String url = TestDatabase.POSTGRESQL.newUrl(folder);
        ServeProcess other =
                ServeProcess.start(home, Other.class.getName(), List.of(home.toString(), url));
        try (DrawingStudio own = new DrawingStudio(home, url, 1, HEARTBEAT)) {
            // With a worker in each process, two pictures are drawn by both.
            Ordered order =
                    own.visitor().order("\"prompts\":[\"boat\"],\"seeds\":[1,2],\"steps\":150");
            order.await(states -> states.equals(List.of("running", "running")));
            other.kill();
            assertEquals(List.of("done", "done"), order.awaitDone().states());
            assertTrue(order.png(0).length > 0 && order.png(1).length > 0);
        } finally {
            other.kill();
        }
    }
}
