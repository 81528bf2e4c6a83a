package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs whose process dies; beginning one again stands for the next process. */
class JobRevivalTest {
    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aJobIsTakenUpTwiceAndACancelledOneNotAtAll(TestDatabase kind) {
        StudioHome home = new StudioHome(folder);
        Database database = Database.open(kind.newUrl(folder), home.databaseFile());
        try (database) {
            JobTable table = new JobTable(new StudioContext(home, database, Clock.systemUTC()));
            JobRequest request =
                    new JobRequest(
                            "a",
                            JobKind.TRAINING,
                            "t",
                            List.of(new JobCommand(List.of("doctor"), null)),
                            folder,
                            "/");
            String id = table.add(request);
            assertTrue(table.begin(id));
            assertTrue(table.begin(id), "taken up once");
            assertTrue(table.begin(id), "taken up twice");
            assertFalse(table.begin(id));
            assertEquals(WorkState.FAILED, table.get(id).orElseThrow().state());
            String said = table.get(id).orElseThrow().progress().said();
            assertTrue(said.contains("3 times"), said);
            assertTrue(table.resume(id));
            assertTrue(table.begin(id));
            assertTrue(table.cancel(id));
            assertFalse(table.begin(id));
            assertEquals(WorkState.CANCELLED, table.get(id).orElseThrow().state());
        }
    }
}
