package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stanstudio.web.testing.PostgresServer;
import dev.stanstudio.web.testing.RawRequest;
import dev.stanstudio.web.testing.Relay;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that goes and comes back, and texts that databases do not take. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class DatabaseAwayTest {
    @TempDir Path folder;

    @Test
    void requestsAreAnsweredWhileTheDatabaseIsAwayAndWorkWhenItIsBack() throws Exception {
        assumeTrue(PostgresServer.available(), PostgresServer::missing);
        String url = PostgresServer.newDatabase();
        int port = Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1"));
        try (Relay relay = new Relay(port)) {
            String through = url.replace(":" + port + "/", ":" + relay.port() + "/");
            try (TestStudio own = new TestStudio(folder, through, Clock.systemUTC(), "")) {
                RawRequest health = RawRequest.get("/health");
                assertEquals(200, health.send(own.server).status());
                relay.cut();
                RawRequest.Answer away = health.send(own.server);
                assertEquals(503, away.status(), away.body());
                for (int i = 0; i < 100; i++) {
                    RawRequest.Answer more = RawRequest.get("/gallery").send(own.server);
                    assertEquals(503, more.status(), more.body());
                    assertTrue(more.body().contains("the database is away"), more.body());
                }
                relay.join();
                while (health.send(own.server).status() != 200) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void nullAndNulAreRefusedWithTheFieldsName(TestDatabase kind) throws Exception {
        try (TestStudio own = new TestStudio(folder, kind, Clock.systemUTC())) {
            for (List<String> order :
                    List.of(
                            List.of("null", "null"),
                            List.of("{\"prompts\":[null]}", "prompts"),
                            List.of("{\"prompts\":[\"x\"],\"styles\":[null]}", "styles"),
                            List.of("{\"prompts\":[\"x\"],\"methods\":[null]}", "methods"),
                            List.of("{\"prompts\":[\"x\"],\"seeds\":[null]}", "seeds"),
                            List.of("{\"prompts\":[\"x\\u0000\"]}", "prompts"),
                            List.of("{\"prompts\":[\"x\"],\"model\":\"a\\u0000\"}", "model"))) {
                RawRequest.Answer answer =
                        RawRequest.post("/api/matrices", order.get(0))
                                .header("Content-Type", "application/json")
                                .send(own.server);
                assertEquals(400, answer.status(), order + ": " + answer.body());
                assertTrue(answer.body().contains(order.get(1)), answer.body());
            }
            for (String path : List.of("/generate", "/studies", "/adapters/train", "/scores")) {
                RawRequest.Answer answer =
                        RawRequest.post(path, "model=a%00&title=b").send(own.server);
                assertEquals(400, answer.status(), path + ": " + answer.body());
                assertTrue(answer.body().contains("the field model"), answer.body());
            }
            for (String query : List.of("/gallery?q=%00", "/gallery?style=a%00")) {
                assertEquals(400, RawRequest.get(query).send(own.server).status(), query);
            }
        }
    }
}
