package dev.stanstudio.web.study;

import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.PlainClient;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.ServeProcess;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Many voters against a server in a process of its own that is killed in the middle and started
 * again; then every acknowledged vote is looked for in the database. {@link KilledVotesTest} is the
 * short form; run by hand it is a measurement. Arguments: SQLITE or POSTGRESQL, seconds, voters.
 */
public final class VoteLoad {
    private static final int RATERS = 400;

    private static final int TRIALS = 500;
    private static final int CELLS = 170;
    private static final int PAUSE_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path home;
    private final String url;
    private final int port;
    private final ConcurrentLinkedQueue<Kept> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile @Nullable IOException failure;
    private volatile boolean over;

    /** A vote that the server said it has. */
    private record Kept(String voter, int position, int revision, long nanos) {}

    /** A row of the database. */
    private record Row(String voter, int position, int revision) {}

    /**
     * What came of it.
     *
     * @param rate acknowledged votes a second in the quarter of the time before the kill
     * @param cpuMillis the server's processor time for each of those
     * @param rows in the database
     * @param lost acknowledged, but not in the database
     * @param refused requests that were answered, but not with the next trial
     */
    record Outcome(
            double rate,
            double p50Millis,
            double p99Millis,
            double cpuMillis,
            int acknowledged,
            int rows,
            int lost,
            int refused) {}

    private VoteLoad(Path home, String url, int port) {
        this.home = home;
        this.url = url;
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        int voters = Integer.parseInt(args[2]);
        Outcome outcome =
                run(
                        TestDatabase.valueOf(args[0]),
                        Files.createTempDirectory("studio-load"),
                        Duration.ofSeconds(Integer.parseInt(args[1])),
                        1,
                        voters);
        System.out.printf(
                "%.0f votes/s acknowledged before the kill, %.2f ms of the server's processor time"
                        + " each; p50 %.1f ms, p99 %.1f ms%n",
                outcome.rate(), outcome.cpuMillis(), outcome.p50Millis(), outcome.p99Millis());
        System.out.printf(
                "acknowledged %d, in the database %d (at most %d may have been under way at the"
                        + " kill), lost %d, refused %d%n",
                outcome.acknowledged(), outcome.rows(), voters, outcome.lost(), outcome.refused());
        System.exit(0);
    }

    /**
     * Runs for {@code time} in which the server is killed half way, and longer where a quarter of
     * it did not bring {@code least} votes.
     */
    static Outcome run(TestDatabase database, Path home, Duration time, int least, int voters)
            throws Exception {
        String url = database.newUrl(home);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return new VoteLoad(home, url, port).run(time, least, voters);
    }

    /** Waits so long, and until so many more votes were acknowledged. */
    private void pass(Duration time, int least) throws InterruptedException {
        int before = acknowledged.size();
        long begin = System.nanoTime();
        long elapsed = 0;
        while (elapsed < time.toNanos() || acknowledged.size() - before < least) {
            if (elapsed > time.plus(PATIENCE).toNanos()) {
                throw new IllegalStateException("no votes are acknowledged", failure);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            elapsed = System.nanoTime() - begin;
        }
    }

    private Outcome run(Duration time, int least, int voters) throws Exception {
        Study study;
        try (TestStudio studio = new TestStudio(home, url, Clock.systemUTC(), "")) {
            study =
                    Requests.boats().votes(1_000_000).trials(TRIALS).raters(RATERS)
                            .admission(Requests.EVERYBODY).build()
                            .make(studio.store, Sources.read(studio.pictures(CELLS, 32)));
        }
        ServeProcess server = start();
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < voters; v++) {
            threads.add(new Thread(() -> vote("/vote/" + study.link())));
        }
        threads.forEach(Thread::start);
        pass(time.dividedBy(4), least); // Java compiles what is used.
        Duration spent = server.cpu();
        int warm = acknowledged.size();
        long begin = System.nanoTime();
        pass(time.dividedBy(4), least);
        int votes = acknowledged.size() - warm;
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = server.cpu().minus(spent).toNanos() / 1e6 / votes;
        server.kill();
        try (ServeProcess again = start()) {
            pass(time.dividedBy(2), least);
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return outcome(votes / seconds, cpu);
    }

    private ServeProcess start() throws IOException {
        return ServeProcess.start(
                home,
                "--port",
                String.valueOf(port),
                "--model",
                DrawingStudio.model(),
                "--workers",
                "0",
                "--db",
                url);
    }

    private Outcome outcome(double rate, double cpu) {
        long[] sorted = acknowledged.stream().mapToLong(Kept::nanos).sorted().toArray();
        List<Row> rows = rows();
        Set<Row> distinct = new HashSet<>(rows);
        int lost = 0;
        for (Kept kept : acknowledged) {
            Row row =
                    new Row(
                            StudyPlan.hash(kept.voter().substring("voter=".length())),
                            kept.position(),
                            kept.revision());
            lost += distinct.contains(row) ? 0 : 1;
        }
        return new Outcome(
                rate,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                cpu,
                sorted.length,
                rows.size(),
                lost,
                refused.get());
    }

    private List<Row> rows() {
        try (Database database = Database.open(url, new StudioHome(home).databaseFile())) {
            return database.jdbi()
                    .withHandle(
                            h ->
                                    h.createQuery(
                                                    "SELECT r.token_hash, v.position, v.revision"
                                                            + " FROM vote v JOIN rater r ON r.id ="
                                                            + " v.rater_id")
                                            .map(
                                                    (rs, ctx) ->
                                                            new Row(
                                                                    rs.getString(1),
                                                                    rs.getInt(2),
                                                                    rs.getInt(3)))
                                            .list());
        }
    }

    /** One voter after another, each to the end; the same voter goes on after the kill. */
    private void vote(String base) {
        String cookie = "";
        while (!over) {
            try (PlainClient client = new PlainClient(port, cookie)) {
                while (!over) {
                    boolean finished = voteOn(client, base);
                    cookie = client.cookie();
                    if (finished) {
                        client.forget();
                    }
                }
            } catch (IOException e) {
                failure = e;
                pause(); // The server is gone; it comes back.
            }
        }
    }

    /** Whether this voter has nothing more to answer. */
    private boolean voteOn(PlainClient client, String base) throws IOException {
        PlainClient.Answer page = client.get(base);
        if (page.body().contains("/join")) {
            client.post(base + "/join", Map.of());
            page = client.get(base);
        }
        while (page.status() == 200 && page.body().contains("name=\"ticket\"") && !over) {
            String ticket = Voter.ticket(page.body());
            long at = System.nanoTime();
            page =
                    client.post(
                            base + "/cast",
                            Map.of("ticket", ticket, "choice", "1", "viewport", "800x600@1"));
            if (page.status() == 200) {
                String[] parts = ticket.split("[.~]");
                acknowledged.add(
                        new Kept(
                                client.cookie(),
                                Integer.parseInt(parts[0]),
                                Integer.parseInt(parts[1]),
                                System.nanoTime() - at));
            } else {
                refused.incrementAndGet();
            }
        }
        return page.status() == 200 && !over;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
