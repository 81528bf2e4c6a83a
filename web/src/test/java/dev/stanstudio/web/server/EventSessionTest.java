package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.PlainStream;
import dev.stanstudio.web.testing.RawRequest;
import io.javalin.config.RoutesConfig;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that listen to events end with their session. */
class EventSessionTest {
    private static final String PASSWORD = "correct horse";

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

    /** Nothing is ever written to such a connection, so nobody would notice its end. */
    @Test
    void whoAsksForTheHeadAloneDoesNotListen() throws IOException {
        StudioHome home = new StudioHome(folder);
        Stream stream = new Stream();
        try (Database database = Database.open(null, home.databaseFile());
                StudioServer server =
                        StudioServer.start(
                                new ServerSettings("127.0.0.1", 0, ""),
                                new StudioContext(home, database, Clock.systemUTC()),
                                List.of(stream))) {
            RawRequest.Answer head =
                    new RawRequest("HEAD", "/stream", "127.0.0.1", Map.of(), "")
                            .header("Accept", "text/event-stream")
                            .send(server);
            assertEquals(200, head.status());
            assertTrue(head.header("content-type").startsWith("text/event-stream"));
            assertEquals(0, stream.events.count());
        }
    }

    @Test
    void whoHasLoggedOutIsToldNothingMore() throws IOException {
        StudioHome home = new StudioHome(folder);
        Stream stream = new Stream();
        try (Database database = Database.open(null, home.databaseFile());
                StudioServer server =
                        StudioServer.start(
                                new ServerSettings("127.0.0.1", 0, PASSWORD),
                                new StudioContext(home, database, Clock.systemUTC()),
                                List.of(stream))) {
            String leaving = session(server);
            String staying = session(server);
            try (PlainStream one = new PlainStream(server.port(), "/stream", leaving);
                    PlainStream other = new PlainStream(server.port(), "/stream", staying)) {
                one.readTo("event: hello");
                other.readTo("event: hello");
                RawRequest.Answer out =
                        RawRequest.post("/logout", "").header("Cookie", leaving).send(server);
                assertEquals(303, out.status());
                stream.events.send("secret", "secret", "word");
                String told =
                        String.valueOf(
                                assertThrows(EOFException.class, () -> one.readTo("word"))
                                        .getMessage());
                assertTrue(told.contains("ended"), told);
                other.readTo("event: secret");
            }
        }
    }

    private static String session(StudioServer server) throws IOException {
        String cookie =
                RawRequest.post("/login", "password=correct+horse")
                        .send(server)
                        .header("set-cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }
}
