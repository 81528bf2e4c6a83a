package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.RawRequest;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send or read as slowly as they can, more of them than the server has threads. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SlowClientsTest {
    private static final int CLIENTS = 80;
    private static final int PICTURE = 3 << 20;
    private static final String PASSWORD = "correct horse";

    @TempDir Path folder;
    private StudioContext studio;
    private StudioServer server;
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger handled = new AtomicInteger();

    /** A form and a large answer for everybody, and a form of the studio's own that takes files. */
    private final class Probe implements Feature {
        @Override
        public Optional<NavigationEntry> navigation() {
            return Optional.empty();
        }

        @Override
        public void open(StudioContext studio, RoutesConfig routes) {
            routes.post(
                    "/form",
                    ctx -> {
                        handled.incrementAndGet();
                        ctx.result("got " + ctx.formParam("a"));
                    },
                    Audience.EVERYONE);
            routes.post("/files", ctx -> ctx.result("got files"));
            routes.get("/large", ctx -> ctx.result(new byte[PICTURE]), Audience.EVERYONE);
        }

        @Override
        public Map<String, BodyLimit> bodyLimits() {
            return Map.of("/files", new BodyLimit(BodyLimit.MOST, true));
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() {
        StudioHome home = new StudioHome(folder);
        studio =
                new StudioContext(
                        home, Database.open(null, home.databaseFile()), Clock.systemUTC());
        server =
                StudioServer.start(
                        new ServerSettings("127.0.0.1", 0, PASSWORD, null, List.of(), true),
                        studio,
                        List.of(new Probe()));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        studio.database().close();
    }

    private Socket send(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(60_000);
        sockets.add(socket);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String form(String path, int length, String begin) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type:"
                + " application/x-www-form-urlencoded\r\nContent-Length: "
                + length
                + "\r\n\r\n"
                + begin;
    }

    private void assertAnswers() throws IOException {
        assertEquals(200, RawRequest.get("/health").send(server).status());
        assertEquals("got 1", RawRequest.post("/form", "a=1").send(server).body());
    }

    @Test
    void unfinishedBodiesHoldNoThread() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send(form(i % 2 == 0 ? "/form" : "/login", 1000, "a=1"));
        }
        assertAnswers();
        assertEquals(1, handled.get(), "no handler runs before its request is there");
        for (Socket socket : sockets) {
            socket.getOutputStream().write("x".repeat(997).getBytes(StandardCharsets.US_ASCII));
        }
        for (Socket socket : sockets) {
            assertTrue(firstLine(socket).startsWith("HTTP/1.1 "), "each is answered in the end");
        }
    }

    @Test
    void unfinishedHeadersHoldNoThread() throws IOException {
        for (int i = 0; i < 2 * CLIENTS; i++) {
            send("POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ");
        }
        assertAnswers();
    }

    @Test
    void answersThatNobodyReadsHoldNoThread() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send("GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        }
        assertAnswers();
        Socket whole = send("GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertTrue(whole.getInputStream().readAllBytes().length > PICTURE, "others read it whole");
    }

    @Test
    void aBodyThatTricklesIsGivenUp() throws IOException {
        Socket socket = send(form("/form", 1000, "a"));
        InputStream in = socket.getInputStream();
        for (int i = 0; in.available() == 0; i++) {
            assertTrue(i < 900, "it was let go on");
            socket.getOutputStream().write('b');
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        assertTrue(firstLine(socket).startsWith("HTTP/1.1 408 "));
        assertEquals(0, handled.get());
    }

    @Test
    void aBodyThatStopsHalfWayIsAnsweredAsTooSlow() throws IOException {
        Socket socket = send(form("/form", 1000, "a=1"));
        assertTrue(firstLine(socket).startsWith("HTTP/1.1 408 "));
        assertEquals(0, handled.get());
        assertAnswers();
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static String multipart(int bytes) {
        return "--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n"
                + "x".repeat(bytes)
                + "\r\n--b--\r\n";
    }

    private static List<String> temporary() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(String::valueOf)
                    .filter(name -> name.contains("MultiPart"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void filesAreTakenWhereTheyBelongAndNeverWrittenToTheTemporaryFolder() throws IOException {
        List<String> before = temporary();
        String type = "multipart/form-data; boundary=b";
        RawRequest own = RawRequest.post("/login", "password=correct+horse");
        String cookie = own.send(server).header("set-cookie").split(";")[0];
        for (String path : List.of("/login", "/form")) {
            RawRequest.Answer answer =
                    RawRequest.post(path, multipart(9)).header("Content-Type", type).send(server);
            assertEquals(415, answer.status(), path);
            assertTrue(answer.body().contains("takes no files"), answer.body());
        }
        RawRequest large =
                RawRequest.post("/files", multipart(1 << 20)).header("Content-Type", type);
        assertEquals(413, large.send(server).status(), "a stranger's");
        assertEquals("got files", large.header("Cookie", cookie).send(server).body());
        assertEquals(
                413,
                RawRequest.post("/files", multipart(33 << 20))
                        .header("Content-Type", type)
                        .header("Cookie", cookie)
                        .send(server)
                        .status());
        assertEquals(before, temporary());
    }

    @Test
    void malformedFormsAreRefusedInOneLine() throws IOException {
        String urlencoded = "application/x-www-form-urlencoded";
        List<List<String>> requests =
                List.of(
                        List.of("415", urlencoded + "; charset=zzz", "a=1"),
                        List.of("415", urlencoded + "; charset=utf-7", "a=1"),
                        List.of("400", urlencoded, "a=%zz"),
                        List.of("400", urlencoded, "a=%4"),
                        List.of("400", urlencoded, "a=x%00y"),
                        List.of("400", urlencoded, "b%00=1"),
                        List.of("413", urlencoded, "a=" + "x".repeat(300_000)),
                        List.of("415", "multipart/form-data", "--b\r\n"));
        for (List<String> request : requests) {
            RawRequest.Answer answer =
                    RawRequest.post("/form", request.get(2))
                            .header("Content-Type", request.get(1))
                            .send(server);
            assertEquals(request.get(0), String.valueOf(answer.status()), request.toString());
        }
        RawRequest own = RawRequest.post("/login", "password=correct+horse");
        String cookie = own.send(server).header("set-cookie").split(";")[0];
        String parts =
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(20_000);
        for (List<String> broken :
                Arrays.asList(
                        List.of("multipart/form-data", multipart(9)),
                        List.of("multipart/form-data; boundary=b", "--b\r\nContent-Dispo"),
                        List.of("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--\r\n"),
                        List.of("multipart/form-data; boundary=b", parts + "--b--\r\n"))) {
            RawRequest.Answer answer =
                    RawRequest.post("/files", broken.get(1))
                            .header("Content-Type", broken.get(0))
                            .header("Cookie", cookie)
                            .send(server);
            assertEquals(400, answer.status(), answer.body());
            assertTrue(answer.body().contains("cannot be read"), answer.body());
        }
        for (String query : List.of("/health?q=%00", "/health?q=%zz", "/health?%00=1")) {
            assertEquals(400, RawRequest.get(query).send(server).status(), query);
        }
    }
}
