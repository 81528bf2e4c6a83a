package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.PlainStream;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that stop reading events keep nobody else from them. */
class SlowEventsTest {
    private static final int SLEEPERS = 30;
    private static final int EVENTS = 60;

    /** Far more than the buffers of a connection hold, all of them together. */
    private static final String LONG = "x".repeat(200_000);

    @TempDir Path folder;

    /** A stream of events. */
    private static final class Stream implements Feature {
        private final EventBroadcaster events =
                new EventBroadcaster(Clock.systemUTC(), (since, silent) -> {});

        @Override
        public Optional<NavigationEntry> navigation() {
            return Optional.empty();
        }

        @Override
        public void open(StudioContext studio, RoutesConfig routes) {
            events.start();
            routes.sse("/stream", client -> events.add(client, "hello", "there"));
        }

        @Override
        public void stopping() {
            events.close();
        }

        @Override
        public void close() {}
    }

    /** A few threads would be held until the reader gives up. */
    @Test
    void manyThatNeverReadKeepNobodyWaiting() throws IOException {
        StudioHome home = new StudioHome(folder);
        Stream stream = new Stream();
        List<Socket> sleepers = new ArrayList<>();
        try (Database database = Database.open(null, home.databaseFile());
                StudioServer server =
                        StudioServer.start(
                                new ServerSettings("127.0.0.1", 0, ""),
                                new StudioContext(home, database, Clock.systemUTC()),
                                List.of(stream))) {
            for (int i = 0; i < SLEEPERS; i++) {
                sleepers.add(sleeper(server.port()));
            }
            for (Socket sleeper : sleepers) {
                assertNotEquals(-1, sleeper.getInputStream().read(), "it listens");
            }
            for (int i = 0; i < EVENTS; i++) {
                stream.events.send("long", "long " + i, LONG);
            }
            try (PlainStream reader = new PlainStream(server.port(), "/stream", "")) {
                reader.readTo("event: hello");
                stream.events.send("news", "news", "word");
                reader.readTo("event: news");
            }
        } finally {
            for (Socket sleeper : sleepers) {
                sleeper.close();
            }
        }
    }

    private static Socket sleeper(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(
                        "GET /stream HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                                .formatted(port)
                                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
