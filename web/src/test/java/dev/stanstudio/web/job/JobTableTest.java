package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.testing.SetClock;
import dev.stanstudio.web.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The states of jobs and their order, with a clock that tests set. */
class JobTableTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;

    private void with(TestDatabase kind, BiConsumer<JobTable, SetClock> test) {
        StudioHome home = new StudioHome(folder);
        SetClock clock = new SetClock();
        try (Database database = Database.open(kind.newUrl(folder), home.databaseFile())) {
            test.accept(new JobTable(new StudioContext(home, database, clock)), clock);
        }
    }

    private JobRequest request(String name) {
        JobCommand command = new JobCommand(List.of("doctor"), null);
        return new JobRequest(
                "a", JobKind.SCORING, name, List.of(command), folder.resolve(name), "/");
    }

    private static List<String> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void jobsWaitInTheOrderInWhichTheyCame(TestDatabase kind) {
        with(
                kind,
                (table, clock) -> {
                    String first = table.add(request("first"));
                    clock.move(SECOND);
                    String second = table.add(request("second"));
                    clock.move(SECOND);
                    String third = table.add(request("third"));
                    assertEquals(List.of(first, second, third), ids(table.queued()));
                    assertEquals(List.of(third, second), ids(table.newest(JobKind.SCORING, 2)));
                    assertEquals(List.of(), table.newest(JobKind.ANALYSIS, 2));
                    assertTrue(table.begin(second));
                    assertTrue(table.cancel(third));
                    assertEquals(List.of(first), ids(table.queued()));
                    table.giveBack(second);
                    assertEquals(List.of(first, second), ids(table.queued()), "in its old place");
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void timesAreThoseOfTheClock(TestDatabase kind) {
        with(
                kind,
                (table, clock) -> {
                    String id = table.add(request("timed"));
                    Job waiting = table.get(id).orElseThrow();
                    assertEquals(Duration.ZERO, waiting.duration(clock.instant()));
                    assertTrue(table.begin(id));
                    clock.move(Duration.ofMinutes(2));
                    Job running = table.get(id).orElseThrow();
                    assertEquals(Duration.ofMinutes(2), running.duration(clock.instant()));
                    table.end(id, WorkState.DONE);
                    clock.move(Duration.ofHours(1));
                    Job done = table.get(id).orElseThrow();
                    assertEquals(Duration.ofMinutes(2), done.duration(clock.instant()));
                    assertEquals(List.of(), table.changedSince(clock.instant()));
                    assertEquals(List.of(id), ids(table.changedSince(done.changed())));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void endedJobsChangeNoMoreUntilTheyAreResumed(TestDatabase kind) {
        with(
                kind,
                (table, clock) -> {
                    String id = table.add(request("ended"));
                    Path own = folder.resolve("ended");
                    assertEquals(Optional.of(id), table.pendingIn(own).map(Job::id));
                    assertTrue(table.begin(id));
                    table.progress(id, new JobProgress(3, 7, "three"));
                    table.end(id, WorkState.FAILED);
                    table.progress(id, new JobProgress(4, 7, "four"));
                    table.commandsDone(id, 1);
                    Job failed = table.get(id).orElseThrow();
                    assertEquals(new JobProgress(3, 7, "three"), failed.progress());
                    assertEquals(0, failed.commandsDone());
                    assertEquals(Optional.empty(), table.pendingIn(own));
                    assertFalse(table.cancel(id));
                    assertTrue(table.resume(id));
                    assertFalse(table.resume(id));
                    assertEquals(List.of(id), ids(table.queued()));
                });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void anUnknownJobIsNeitherFoundNorBegun(TestDatabase kind) {
        with(
                kind,
                (table, clock) -> {
                    assertEquals(Optional.empty(), table.get("none"));
                    assertFalse(table.begin("none"));
                    assertFalse(table.cancel("none"));
                    assertTrue(table.stopping("none"));
                });
    }
}
