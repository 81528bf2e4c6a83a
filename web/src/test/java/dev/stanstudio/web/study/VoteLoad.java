package dev.stanstudio.web.study;

import dev.stanstudio.web.database.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Not a test but a measurement, run by hand: many voters against a server in a process of its own,
 * which is killed in the middle and started again. Arguments: SQLITE or POSTGRESQL, seconds,
 * voters. Prints acknowledged votes a second, latencies, and what the database holds.
 */
public final class VoteLoad {
    private static final int RATERS = 1500;
    private static final int CELLS = 20;

    private final Path home;
    private final String url;
    private final int port;
    private final AtomicLong acknowledged = new AtomicLong();
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private VoteLoad(Path home, String url, int port) {
        this.home = home;
        this.url = url;
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        TestDatabase database = TestDatabase.valueOf(args[0]);
        int seconds = Integer.parseInt(args[1]);
        int voters = Integer.parseInt(args[2]);
        Path home = Files.createTempDirectory("studio-load");
        try (ServerSocket free = new ServerSocket(0)) {
            new VoteLoad(home, database.newUrl(home), free.getLocalPort())
                    .run(free, seconds, voters);
        }
        System.exit(0);
    }

    private void run(ServerSocket free, int seconds, int voters) throws Exception {
        free.close();
        Study study;
        try (TestStudio studio = new TestStudio(home, url, Clock.systemUTC(), "")) {
            study =
                    Requests.small(1_000_000, 60, RATERS, 0, 0, 0, 0)
                            .make(studio.store, Sources.read(studio.pictures(CELLS, 32)));
        }
        Process server = start();
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < voters; v++) {
            threads.add(new Thread(() -> vote(study)));
        }
        long begin = System.nanoTime();
        threads.forEach(Thread::start);
        Thread.sleep(seconds * 500L);
        long before = acknowledged.get();
        double first = (System.nanoTime() - begin) / 1e9;
        server.destroyForcibly().waitFor();
        Process again = start();
        Thread.sleep(seconds * 500L);
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        again.destroy();
        again.waitFor(30, TimeUnit.SECONDS);
        report(study, voters, before / first);
    }

    private void report(Study study, int voters, double rate) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%.0f votes/s acknowledged before the kill; all: %d, p50 %.1f ms, p99 %.1f ms%n",
                rate,
                acknowledged.get(),
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
        StudioHome studioHome = new StudioHome(home);
        try (Database database = Database.open(url, studioHome.databaseFile())) {
            int rows =
                    new StudyStore(new Studio(studioHome, database, Clock.systemUTC()))
                            .rowCount(study);
            boolean held = rows >= acknowledged.get() && rows <= acknowledged.get() + voters;
            System.out.printf(
                    "in the database: %d, that is %d committed but not acknowledged (under way at"
                            + " the kill, at most %d): %s%n",
                    rows, rows - acknowledged.get(), voters, held ? "nothing lost" : "WRONG");
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.stanstudio.web.Studio",
                        "serve",
                        "--port",
                        String.valueOf(port),
                        "--db",
                        url);
        builder.environment().put(StudioHome.VARIABLE, home.toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // It prints its address once it answers.
        process.inputReader().readLine();
        return process;
    }

    private void vote(Study study) {
        Voter voter = new Voter("http://127.0.0.1:" + port, study.link());
        HttpResponse<String> page = null;
        while (!over) {
            try {
                if (page == null || page.statusCode() != 200) {
                    page = voter.join();
                } else if (page.body().contains("Thank you")) {
                    voter = new Voter("http://127.0.0.1:" + port, study.link());
                    page = null;
                } else {
                    String ticket = Voter.ticket(page);
                    long at = System.nanoTime();
                    page = voter.cast(ticket, "1");
                    if (page.statusCode() == 200) {
                        acknowledged.incrementAndGet();
                        nanos.add(System.nanoTime() - at);
                    }
                }
            } catch (IllegalStateException e) {
                page = null; // The server is gone; it comes back.
            }
        }
    }
}
