package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.testing.RawRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks access over real HTTP, with one page of the studio's own and one for everybody. */
class ServerTest {
    private static final String PASSWORD = "correct horse";

    @TempDir Path folder;
    private StudioContext studio;

    @BeforeEach
    void open() {
        StudioHome home = new StudioHome(folder);
        studio =
                new StudioContext(
                        home, Database.open(null, home.databaseFile()), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        studio.database().close();
    }

    /** A page, a change, a page for everybody, and something that fails. */
    private static final class Probe implements Feature {
        @Override
        public Optional<NavigationEntry> navigation() {
            return Optional.of(new NavigationEntry(1, "Probe", "/probe"));
        }

        @Override
        public void open(StudioContext studio, io.javalin.config.RoutesConfig routes) {
            routes.get("/probe", ctx -> ctx.result("inside"));
            routes.post("/probe", ctx -> ctx.result("changed"));
            routes.get("/open", ctx -> ctx.result("for all"), Audience.EVERYONE);
            routes.get("/open/{name}", Probe::named, Audience.EVERYONE);
            routes.get(
                    "/defect",
                    ctx -> {
                        throw new IllegalStateException("the secret of " + ctx.ip());
                    });
            routes.get(
                    "/exhausted",
                    ctx -> {
                        throw new OutOfMemoryError("no room for " + ctx.ip());
                    });
            routes.get(
                    "/broken",
                    ctx -> {
                        throw new StackOverflowError();
                    });
        }

        private static void named(Context ctx) {
            String name = ctx.pathParam("name");
            if (name.equals("none")) {
                throw PageException.missing("there is no " + name);
            }
            ctx.result("for " + name);
        }

        @Override
        public void close() {}
    }

    private StudioServer serve(String password) {
        return StudioServer.start(
                new ServerSettings("127.0.0.1", 0, password), studio, List.of(new Probe()));
    }

    @Test
    void aTakenPortIsOneLineThatSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerSettings settings = new ServerSettings("127.0.0.1", taken.getLocalPort(), "");
            UserException refusal =
                    assertThrows(
                            UserException.class,
                            () -> StudioServer.start(settings, studio, List.of()));
            String message = String.valueOf(refusal.getMessage());
            assertTrue(
                    message.contains("the port is taken") && message.contains("--port"), message);
            assertEquals(1, message.lines().count());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamedAndNoPortBlamed() {
        // The first is kept for documentation, so that no machine has it.
        for (String host : List.of("192.0.2.1", "nobody.invalid")) {
            ServerSettings settings = new ServerSettings(host, 0, "a long password");
            UserException refusal =
                    assertThrows(
                            UserException.class,
                            () -> StudioServer.start(settings, studio, List.of()));
            assertEquals(
                    "cannot listen on %s:0; is --host an address of this machine?".formatted(host),
                    refusal.getMessage());
        }
    }

    @Test
    void anAddressThatCannotBeDecodedIsRefused() throws IOException {
        try (StudioServer server = serve("")) {
            for (String path : List.of("%u0041", "%u", "a%u12G4", "%C0%80", "%ED%A0%80")) {
                RawRequest.Answer answer = RawRequest.get("/open/" + path).send(server);
                assertEquals(400, answer.status(), path + ": " + answer.body());
            }
            assertEquals("for \u00e9", RawRequest.get("/open/%C3%A9").send(server).body());
        }
    }

    @Test
    void whoAsksForTheHeadAloneGetsThatOfThePage() throws IOException {
        try (StudioServer server = serve(PASSWORD)) {
            Map<String, Integer> states =
                    Map.of("/open", 200, "/health", 200, "/open/none", 404, "/probe", 303);
            for (Map.Entry<String, Integer> state : states.entrySet()) {
                String path = state.getKey();
                RawRequest.Answer page = RawRequest.get(path).send(server);
                RawRequest.Answer head =
                        new RawRequest("HEAD", path, "127.0.0.1", Map.of(), "").send(server);
                assertEquals(state.getValue(), head.status(), path);
                assertEquals(page.header("content-length"), head.header("content-length"), path);
                assertEquals(page.header("content-type"), head.header("content-type"), path);
                assertEquals("", head.body(), path);
            }
        }
    }

    @Test
    void otherMachinesAreLetInWithAPasswordOnly() {
        ArgumentException bare =
                assertThrows(ArgumentException.class, () -> new ServerSettings("0.0.0.0", 0, ""));
        assertTrue(
                String.valueOf(bare.getMessage()).contains("STUDIO_ADMIN_PASSWORD"),
                bare.getMessage());
        assertThrows(ArgumentException.class, () -> new ServerSettings("0.0.0.0", 0, "short"));
        assertTrue(new ServerSettings("0.0.0.0", 0, PASSWORD).guarded());
    }

    @Test
    void withoutAPasswordOnlyThisMachinesNamesAreAnswered() throws IOException {
        try (StudioServer server = serve("")) {
            RawRequest own = RawRequest.get("/probe");
            assertEquals(200, own.send(server).status());
            RawRequest.Answer rebound =
                    RawRequest.get("/probe").host("evil.example:80").send(server);
            assertEquals(421, rebound.status());
            assertTrue(rebound.body().contains("this machine only"), rebound.body());
            assertEquals(
                    200,
                    RawRequest.get("/open").host("evil.example:80").send(server).status(),
                    "what is for everybody has no such rule");
        }
    }

    @Test
    void changesMustComeFromTheStudiosOwnPages() throws IOException {
        try (StudioServer server = serve("")) {
            RawRequest post = RawRequest.post("/probe", "");
            assertAll(
                    () -> assertEquals("changed", post.send(server).body()),
                    () ->
                            assertEquals(
                                    403,
                                    post.header("Sec-Fetch-Site", "cross-site")
                                            .send(server)
                                            .status()),
                    () ->
                            assertEquals(
                                    403,
                                    post.header("Sec-Fetch-Site", "same-site")
                                            .send(server)
                                            .status(),
                                    "another port of this machine"),
                    () ->
                            assertEquals(
                                    403,
                                    post.header("Origin", "https://evil.example")
                                            .send(server)
                                            .status()),
                    () -> assertEquals(403, post.header("Origin", "null").send(server).status()),
                    () ->
                            assertEquals(
                                    200,
                                    post.header("Origin", "http://" + post.host())
                                            .send(server)
                                            .status()));
        }
    }

    @Test
    void thePasswordOpensTheStudioUntilOneLogsOut() throws IOException {
        try (StudioServer server = serve(PASSWORD)) {
            RawRequest.Answer stranger = RawRequest.get("/probe").send(server);
            assertEquals(303, stranger.status());
            assertEquals("/login", stranger.header("location"));
            assertEquals(401, RawRequest.post("/probe", "").send(server).status());
            assertEquals("for all", RawRequest.get("/open").send(server).body());

            RawRequest.Answer wrong = login(server, "wrong horse!");
            assertEquals(401, wrong.status());
            assertEquals("", wrong.header("set-cookie"));

            RawRequest.Answer right = login(server, PASSWORD);
            String cookie = right.header("set-cookie");
            assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), cookie);
            String session = cookie.substring(0, cookie.indexOf(';'));
            assertEquals(
                    "inside",
                    RawRequest.get("/probe").header("Cookie", session).send(server).body());
            String forged = session.substring(0, session.length() - 1) + "x";
            assertEquals(
                    303, RawRequest.get("/probe").header("Cookie", forged).send(server).status());
            assertEquals(
                    303,
                    RawRequest.get("/probe")
                            .header(
                                    "Cookie",
                                    "studio_session=99999999999999~AAAAAAAAAAAAAAAAAAAAAA")
                            .send(server)
                            .status());
            RawRequest.Answer out =
                    RawRequest.post("/logout", "").header("Cookie", session).send(server);
            assertTrue(out.header("set-cookie").startsWith("studio_session=;"), out.toString());
            assertEquals(
                    303,
                    RawRequest.get("/probe").header("Cookie", session).send(server).status(),
                    "a copy of the cookie opens nothing any more");
            assertFalse(
                    login(server, PASSWORD).header("set-cookie").contains(session),
                    "each login has a secret of its own");
        }
    }

    private static RawRequest.Answer login(StudioServer server, String password)
            throws IOException {
        return RawRequest.post("/login", "password=" + password.replace(' ', '+')).send(server);
    }

    @Test
    void passwordsAreNotGuessedByTrying() throws IOException {
        try (StudioServer server = serve(PASSWORD)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(401, login(server, "guess number " + i).status());
            }
            RawRequest.Answer late = login(server, PASSWORD);
            assertEquals(429, late.status());
            assertTrue(late.body().contains("try again in 2 seconds"), late.body());
        }
    }

    @Test
    void everyPageForbidsWhatItDoesNotNeedAndDefectsTellNothing() throws IOException {
        try (StudioServer server = serve("")) {
            RawRequest.Answer page = RawRequest.get("/probe").send(server);
            String policy = page.header("content-security-policy");
            assertTrue(policy.contains("default-src 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals("nosniff", page.header("x-content-type-options"));
            assertEquals("", page.header("server"));

            RawRequest.Answer defect = RawRequest.get("/defect").send(server);
            assertEquals(500, defect.status());
            assertFalse(defect.body().contains("secret"), defect.body());
            assertFalse(defect.body().contains("IllegalState"), defect.body());

            RawRequest.Answer exhausted = RawRequest.get("/exhausted").send(server);
            assertEquals(503, exhausted.status());
            assertEquals(1, exhausted.body().strip().lines().count(), exhausted.body());
            assertEquals(500, RawRequest.get("/broken").send(server).status());
            assertEquals("inside", RawRequest.get("/probe").send(server).body(), "others go on");
        }
    }

    @Test
    void addressesLeadToNoOtherFiles() throws IOException {
        try (StudioServer server = serve("")) {
            for (String path :
                    List.of(
                            "/assets/../../pom.xml",
                            "/assets/..%2f..%2fpom.xml",
                            "/assets/%2e%2e/%2e%2e/etc/passwd",
                            "/assets/x/..%5c..%5cstudio.db",
                            "/..;/studio.db")) {
                RawRequest.Answer answer = RawRequest.get(path).send(server);
                assertTrue(
                        answer.status() == 404 || answer.status() == 400,
                        path + ": " + answer.status());
            }
        }
    }
}
