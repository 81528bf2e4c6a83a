package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
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
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests a server that is killed while many people vote, and started again. */
class KilledVotesTest {
    private static final int VOTERS = 16;
    private static final int VOTES = 100;
    private static final int RATERS = 100;
    private static final int TRIALS = 100;
    private static final int CELLS = 40;
    private static final int PATIENCE_SECONDS = 120;

    private static final String ROWS =
            """
            SELECT r.token_hash, v.position, v.revision
            FROM vote v JOIN rater r ON r.id = v.rater_id
            """;

    @TempDir Path folder;
    private final Queue<Row> acknowledged = new ConcurrentLinkedQueue<>();
    private final Semaphore signals = new Semaphore(0);
    private final AtomicInteger refused = new AtomicInteger();
    private volatile CountDownLatch up = new CountDownLatch(0);
    private volatile boolean over;
    private String url = "";
    private int port;

    /** A vote by the hash of its voter's token. */
    record Row(String tokenHash, int position, int revision) {}

    @ParameterizedTest
    @EnumSource
    void acknowledgedVotesAreStoredOnce(TestDatabase database) throws Exception {
        url = database.newUrl(folder);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String base = "/vote/" + study().link();
        ServeProcess server = serve();
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < VOTERS; v++) {
            threads.add(new Thread(() -> vote(base)));
        }
        threads.forEach(Thread::start);
        awaitVotes();
        up = new CountDownLatch(1);
        server.kill();
        try (ServeProcess again = serve()) {
            up.countDown();
            signals.drainPermits();
            awaitVotes();
            over = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<Row> rows = rows();
        Set<Row> distinct = new HashSet<>(rows);
        assertEquals(rows.size(), distinct.size(), "nothing is stored twice");
        assertEquals(
                List.of(), acknowledged.stream().filter(row -> !distinct.contains(row)).toList());
        assertEquals(0, refused.get());
        // At most one vote of each voter was committed but not acknowledged.
        int most = acknowledged.size() + VOTERS;
        assertTrue(rows.size() <= most, rows.size() + " rows, at most " + most);
    }

    private Study study() throws IOException {
        try (TestStudio studio = new TestStudio(folder, url, Clock.systemUTC(), "")) {
            return Requests.boats()
                    .votes(1_000_000)
                    .trials(TRIALS)
                    .raters(RATERS)
                    .admission(Requests.EVERYBODY)
                    .build()
                    .make(studio.store, Sources.read(studio.pictures(CELLS, 32)));
        }
    }

    private ServeProcess serve() throws IOException {
        return ServeProcess.start(
                folder,
                "--port",
                String.valueOf(port),
                "--model",
                DrawingStudio.model(),
                "--workers",
                "0",
                "--db",
                url);
    }

    private void awaitVotes() throws InterruptedException {
        assertTrue(
                signals.tryAcquire(VOTES, PATIENCE_SECONDS, TimeUnit.SECONDS),
                "no votes are acknowledged");
    }

    private List<Row> rows() {
        try (Database database = Database.open(url, new StudioHome(folder).databaseFile())) {
            return database.jdbi()
                    .withHandle(
                            handle ->
                                    handle.createQuery(ROWS)
                                            .map(ConstructorMapper.of(Row.class))
                                            .list());
        }
    }

    /** Votes as one voter after another; a voter continues after the server's restart. */
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
                awaitServer();
            }
        }
    }

    private void awaitServer() {
        try {
            up.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether this voter has answered every trial. */
    private boolean voteOn(PlainClient client, String base) throws IOException {
        PlainClient.Answer page = client.get(base);
        if (page.body().contains("/join")) {
            client.post(base + "/join", Map.of());
            page = client.get(base);
        }
        while (page.status() == 200 && page.body().contains("name=\"ticket\"") && !over) {
            String ticket = Voter.ticket(page.body());
            page = client.post(base + "/cast", Map.of("ticket", ticket, "choice", "1"));
            if (page.status() == 200) {
                acknowledged.add(row(client.cookie(), ticket));
                signals.release();
            } else {
                refused.incrementAndGet();
            }
        }
        return page.status() == 200 && !over;
    }

    private static Row row(String cookie, String ticket) {
        String[] parts = ticket.split("[.~]");
        return new Row(
                Sha256.of(cookie.substring("voter=".length())),
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]));
    }
}
