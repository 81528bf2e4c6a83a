package dev.stanstudio.web.study;

import dev.stanstudio.web.generate.DrawingStudio;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.PlainStream;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.ServeProcess;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A day's work on one server, run by hand: voters with a moment between votes, viewers of live
 * progress, people who draw pictures and delete them again, people who look at pages. Says every
 * half minute how much memory, how many threads and open files the server has. Arguments: SQLITE or
 * POSTGRESQL, seconds, voters.
 */
public final class MixedLoad {
    private static final int RATERS = 400;
    private static final int TRIALS = 500;
    private static final int CELLS = 170;
    private static final int VIEWERS = 50;
    private static final int THINKING_MILLIS = 100;
    private static final int RESTING_MILLIS = 1000;
    private static final int DRAWING_MILLIS = 5000;
    private static final int SAMPLE_SECONDS = 30;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final List<String> PAGES =
            List.of("/generate", "/gallery", "/adapters", "/scores", "/studies", "/health");

    private final ServeProcess server;
    private final AtomicLong votes = new AtomicLong();
    private final AtomicLong pictures = new AtomicLong();
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    private MixedLoad(ServeProcess server) {
        this.server = server;
    }

    /** A part of the load, run again and again. */
    private interface Part {
        void run() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        Path home = Files.createTempDirectory("studio-mixed");
        String url = TestDatabase.valueOf(args[0]).newUrl(home);
        Study study;
        try (TestStudio studio = new TestStudio(home, url, Clock.systemUTC(), "")) {
            study =
                    Requests.boats().votes(1_000_000).trials(TRIALS).raters(RATERS)
                            .admission(Requests.EVERYBODY).build()
                            .make(studio.store, Sources.read(studio.pictures(CELLS, 32)));
        }
        try (ServeProcess server =
                ServeProcess.start(
                        home,
                        "--port",
                        "0",
                        "--model",
                        DrawingStudio.model(),
                        "--workers",
                        "1",
                        "--db",
                        url)) {
            new MixedLoad(server)
                    .run(
                            study,
                            Duration.ofSeconds(Integer.parseInt(args[1])),
                            Integer.parseInt(args[2]));
        }
        System.exit(0);
    }

    private void run(Study study, Duration time, int voters) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int v = 0; v < voters; v++) {
            threads.add(new Thread(() -> repeat(THINKING_MILLIS, () -> vote(study))));
        }
        int port = URI.create(server.address()).getPort();
        for (int v = 0; v < VIEWERS; v++) {
            threads.add(new Thread(() -> repeat(RESTING_MILLIS, () -> watch(port))));
        }
        threads.add(new Thread(() -> repeat(DRAWING_MILLIS, this::draw)));
        threads.add(new Thread(() -> repeat(RESTING_MILLIS, this::look)));
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        long begin = System.nanoTime();
        System.out.println(
                "seconds, MB resident, threads, open files, votes, pictures, pages, failures");
        while (System.nanoTime() - begin < time.toNanos()) {
            TimeUnit.SECONDS.sleep(SAMPLE_SECONDS);
            System.out.printf(
                    "%d, %s, %s, %d, %d, %d, %d, %d%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                    status("VmRSS", 1024),
                    status("Threads", 1),
                    openFiles(),
                    votes.get(),
                    pictures.get(),
                    pages.get(),
                    failures.get());
        }
        over = true;
    }

    private long status(String key, int unit) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(server.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / unit)
                    .findFirst()
                    .orElse(0);
        }
    }

    private long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc", String.valueOf(server.pid()), "fd"))) {
            return files.count();
        }
    }

    private void repeat(int pause, Part part) {
        while (!over) {
            try {
                part.run();
            } catch (IOException | IllegalStateException e) {
                if (failures.incrementAndGet() == 1) {
                    System.out.println("first failure: " + e);
                }
            }
            rest(pause);
        }
    }

    private static void rest(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One voter to the end. */
    private void vote(Study study) {
        Voter voter = new Voter(server.address(), study.link());
        HttpResponse<String> page = voter.join();
        while (page.statusCode() == 200 && page.body().contains("name=\"ticket\"") && !over) {
            String picture = Voter.pictures(page).get(0);
            require(voter.bytes(picture).statusCode() == 200, picture);
            page = voter.cast(Voter.ticket(page), "1");
            votes.incrementAndGet();
            rest(THINKING_MILLIS);
        }
        require(page.statusCode() == 200, "a voter gets " + page.statusCode());
    }

    /** A page that is left and opened again after some news. */
    private void watch(int port) throws IOException {
        try (PlainStream stream = new PlainStream(port, "/generate/events")) {
            for (int i = 0; i < 20 && !over; i++) {
                stream.readTo("data:");
            }
        }
    }

    /** A matrix that is drawn and deleted. */
    private void draw() {
        DrawingStudio.Visitor visitor = new DrawingStudio.Visitor(server.address());
        DrawingStudio.Ordered order =
                visitor.order(
                        "\"prompts\":[\"a boat\"],\"styles\":[\"\",\"woodcut\"],\"seeds\":[1,2],"
                                + "\"steps\":4");
        order.awaitDone();
        for (int i = 0; i < order.pictures().size(); i++) {
            require(order.png(i).length > 0, "a picture");
            visitor.post("/gallery/delete", FORM, "id=" + order.id(i));
            pictures.incrementAndGet();
        }
    }

    private void look() {
        DrawingStudio.Visitor visitor = new DrawingStudio.Visitor(server.address());
        for (String page : PAGES) {
            require(visitor.get(page).statusCode() == 200, page);
            pages.incrementAndGet();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
