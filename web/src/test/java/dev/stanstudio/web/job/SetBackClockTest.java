package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that were ordered before the computer's clock was set back by a day. */
class SetBackClockTest {
    @TempDir Path folder;

    private String order(StudioContext studio, String title) {
        JobCommand command = new JobCommand(List.of("doctor"), null);
        return new Jobs(studio)
                .add(
                        new JobRequest(
                                "a",
                                JobKind.TRAINING,
                                title,
                                List.of(command),
                                folder.resolve(title),
                                "/"));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void theyRunAtOnceAndInTheirOrder(TestDatabase kind) throws InterruptedException {
        StudioHome home = new StudioHome(folder);
        try (Database database = Database.open(kind.newUrl(folder), home.databaseFile())) {
            Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
            String first = order(new StudioContext(home, database, ahead), "first");
            Clock later = Clock.offset(ahead, Duration.ofHours(1));
            String second = order(new StudioContext(home, database, later), "second");
            BlockingQueue<String> taken = new LinkedBlockingQueue<>();
            OneTimeTask<Void> task =
                    Tasks.oneTime(Jobs.TASK).execute((turn, context) -> taken.add(turn.getId()));
            Scheduler scheduler =
                    Scheduler.create(database.source(), task)
                            .tableName(Jobs.TURNS)
                            .threads(1)
                            .pollingInterval(Duration.ofMillis(100))
                            .alwaysPersistTimestampInUTC()
                            .build();
            scheduler.start();
            try {
                assertEquals(first, taken.poll(60, TimeUnit.SECONDS));
                assertEquals(second, taken.poll(60, TimeUnit.SECONDS));
            } finally {
                scheduler.stop();
            }
        }
    }
}
