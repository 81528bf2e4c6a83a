package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.training.TrainingLoop;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.ServerSettings;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.StudioServer;
import dev.stanstudio.web.testing.RawRequest;
import dev.stanstudio.web.testing.ServeProcess;
import dev.stanstudio.web.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs of real commands in processes of their own: stopped, resumed, handed over. */
class JobsTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PAUSE = Duration.ofMillis(20);

    @TempDir Path folder;

    /** The process that is killed. */
    public static final class Other {
        private Other() {}

        public static void main(String[] args) {
            System.out.println(Serving.start(Path.of(args[0]), args[1]).server().address());
        }
    }

    private static StudioContext opened(Path folder, String url) {
        StudioHome home = new StudioHome(folder.resolve("home"));
        home.subfolder(".");
        return new StudioContext(
                home,
                Database.open(url, home.databaseFile()),
                Clock.systemUTC(),
                new WorkSettings(null, "cpu", null, Quantization.NONE, 1, false));
    }

    private static Job await(Jobs jobs, String id, Predicate<Job> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Job job = jobs.get(id).orElseThrow();
        while (!wanted.test(job)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("still " + job);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            job = jobs.get(id).orElseThrow();
        }
        return job;
    }

    private record Serving(StudioContext studio, StudioServer server, Jobs jobs)
            implements AutoCloseable {
        static Serving start(Path folder, String url) {
            StudioContext studio = opened(folder, url);
            StudioServer server =
                    StudioServer.start(
                            new ServerSettings("127.0.0.1", 0, ""),
                            studio,
                            List.of(new JobsFeature(HEARTBEAT)));
            return new Serving(studio, server, new Jobs(studio));
        }

        Job await(String id, Predicate<Job> wanted) {
            return JobsTest.await(jobs, id, wanted);
        }

        Job awaitEnd(String id) {
            return await(id, job -> !job.state().isOpen());
        }

        @Override
        public void close() {
            server.close();
            studio.database().close();
        }
    }

    /** A job that draws two pictures and then runs until {@link #release} lets it end. */
    private JobRequest waiting(String name) {
        Path out = folder.resolve(name);
        List<JobCommand> commands =
                List.of(
                        drawing(out),
                        WaitForFileCommand.waiting(out.resolve("begun"), out.resolve("released")));
        return new JobRequest(
                "somebody", JobKind.TRAINING, name, commands, folder.resolve("job-" + name), "/");
    }

    private static JobCommand drawing(Path out) {
        return new JobCommand(
                List.of(
                        "dataset",
                        "synth",
                        "--out",
                        out.toString(),
                        "--count",
                        "2",
                        "--size",
                        "64",
                        "--threads",
                        "1"),
                null);
    }

    private static Predicate<Job> begun(Path out) {
        return job -> Files.exists(out.resolve("begun"));
    }

    private static void release(Path out) throws IOException {
        Files.writeString(out.resolve("released"), "");
    }

    private static void assertDone(Job job) {
        assertEquals(WorkState.DONE, job.state(), job.progress().said());
        assertEquals(2, job.commandsDone());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aStoppedJobKeepsWhatItDidAndGoesOn(TestDatabase database) throws IOException {
        Path out = folder.resolve("stopped");
        try (Serving serving = Serving.start(folder, database.newUrl(folder))) {
            String id = serving.jobs().add(waiting("stopped"));
            serving.await(id, begun(out));
            FileTime drawn = Files.getLastModifiedTime(out.resolve("metadata.jsonl"));
            assertTrue(serving.jobs().cancel(id));
            Job stopped = serving.awaitEnd(id);
            assertEquals(WorkState.CANCELLED, stopped.state());
            assertEquals(1, stopped.commandsDone());

            release(out);
            assertTrue(serving.jobs().resume(id));
            assertDone(serving.awaitEnd(id));
            assertEquals(drawn, Files.getLastModifiedTime(out.resolve("metadata.jsonl")));
        }
    }

    @Test
    void aLockedDatabaseStopsNoJob() throws Exception {
        String url = TestDatabase.SQLITE.newUrl(folder);
        Path out = folder.resolve("locked");
        try (Serving serving = Serving.start(folder, url)) {
            String id = serving.jobs().add(waiting("locked"));
            serving.await(id, begun(out));
            try (Connection other = DriverManager.getConnection(url);
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                release(out);
                // Each is refused after the time that the job's own writing waits for as well.
                for (int i = 0; i < 2; i++) {
                    var refused = RawRequest.post("/jobs/" + id + "/cancel", "");
                    assertEquals(503, refused.send(serving.server()).status());
                }
                statement.execute("ROLLBACK");
            }
            assertDone(serving.awaitEnd(id));
            try (Connection own = serving.studio().database().source().getConnection();
                    Statement statement = own.createStatement();
                    ResultSet row = statement.executeQuery("SELECT revived FROM job")) {
                assertTrue(row.next());
                assertEquals(0, row.getInt(1), "no process has died");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aClosedServersJobIsDoneByTheNext(TestDatabase database) throws IOException {
        String url = database.newUrl(folder);
        String id;
        Path out = folder.resolve("handed-over");
        try (Serving serving = Serving.start(folder, url)) {
            id = serving.jobs().add(waiting("handed-over"));
            serving.await(id, begun(out));
        }
        release(out);
        try (Serving serving = Serving.start(folder, url)) {
            assertDone(serving.awaitEnd(id));
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aKilledServersJobIsDoneByAnother(TestDatabase database) throws IOException {
        String url = database.newUrl(folder);
        Path out = folder.resolve("left-behind");
        ServeProcess other =
                ServeProcess.start(folder, Other.class.getName(), List.of(folder.toString(), url));
        StudioContext asking = opened(folder, url);
        String id;
        try {
            Jobs jobs = new Jobs(asking);
            id = jobs.add(waiting("left-behind"));
            await(jobs, id, begun(out));
        } finally {
            other.kill();
            asking.database().close();
        }
        release(out);
        try (Serving serving = Serving.start(folder, url)) {
            assertDone(serving.awaitEnd(id));
        }
    }

    /** Returns whether a training has written numbers of its steps. */
    private static boolean isLogged(Path log) {
        try {
            return Files.exists(log) && Files.size(log) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page's button lets the command save before it ends and say where it stands. */
    @ParameterizedTest
    @EnumSource(value = TestDatabase.class, names = "SQLITE")
    void aStoppedTrainingSavesItsSteps(TestDatabase database) {
        Path out = folder.resolve("trained");
        JobCommand training =
                new JobCommand(
                        List.of(
                                "pretrain",
                                "vae",
                                "--out",
                                out.toString(),
                                "--steps",
                                "10000",
                                "--batch",
                                "1",
                                "--crop",
                                "32",
                                "--pictures",
                                "8",
                                "--shards",
                                "1",
                                "--threads",
                                "1",
                                "--log-every",
                                "1"),
                        null);
        JobRequest order =
                new JobRequest("a", JobKind.TRAINING, "t", List.of(training), folder, "/");
        try (Serving serving = Serving.start(folder, database.newUrl(folder))) {
            String id = serving.jobs().add(order);
            serving.await(id, job -> isLogged(out.resolve(TrainingLoop.LOG)));
            assertTrue(serving.jobs().cancel(id));
            Job stopped = serving.awaitEnd(id);
            assertEquals(WorkState.CANCELLED, stopped.state(), stopped.progress().said());
            assertTrue(
                    stopped.progress().said().startsWith("stopped at step "),
                    stopped.progress().said());
            assertTrue(Files.exists(out.resolve("checkpoint.safetensors")));
        }
    }

    @Test
    void aKilledCommandSaysSoInsteadOfItsLastLine() {
        try (Serving serving = Serving.start(folder, TestDatabase.SQLITE.newUrl(folder))) {
            List<ProcessHandle> before = ProcessHandle.current().children().toList();
            String id = serving.jobs().add(waiting("killed"));
            serving.await(id, begun(folder.resolve("killed")));
            ProcessHandle.current()
                    .children()
                    .filter(child -> !before.contains(child))
                    .forEach(ProcessHandle::destroyForcibly);
            Job killed = serving.awaitEnd(id);
            assertEquals(WorkState.FAILED, killed.state());
            assertTrue(killed.progress().said().startsWith("signal 9 "), killed.progress().said());
            assertTrue(killed.canGoOn());
        }
    }

    @ParameterizedTest
    @EnumSource(value = TestDatabase.class, names = "SQLITE")
    void aFailedJobSaysWhy(TestDatabase database) {
        try (Serving serving = Serving.start(folder, database.newUrl(folder))) {
            Path nowhere = folder.resolve("nowhere");
            String id =
                    serving.jobs()
                            .add(
                                    new JobRequest(
                                            "somebody",
                                            JobKind.SCORING,
                                            "nothing",
                                            List.of(
                                                    new JobCommand(
                                                            List.of("score", nowhere.toString()),
                                                            null)),
                                            folder.resolve("job-failed"),
                                            "/"));
            Job failed = serving.awaitEnd(id);
            assertEquals(WorkState.FAILED, failed.state());
            assertEquals(
                    "studio: there is no folder, manifest or tar " + nowhere,
                    failed.progress().said());
        }
    }
}
