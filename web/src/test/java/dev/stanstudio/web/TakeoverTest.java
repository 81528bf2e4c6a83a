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
import java.util.Collections;
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
            Ordered order =
                    own.visitor().order("\"prompts\":[\"boat\"],\"seeds\":[1,2,3,4],\"steps\":60");
            // There is one worker in each process, so both draw.
            order.await(states -> Collections.frequency(states, "running") == 2);
            other.kill();
            assertEquals(Collections.nCopies(4, "done"), order.awaitDone().states());
            for (int place = 0; place < 4; place++) {
                assertTrue(order.png(place).length > 0);
            }
        } finally {
            other.kill();
        }
    }
}
