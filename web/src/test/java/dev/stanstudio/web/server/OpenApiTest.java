package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.Json;
import dev.stanstudio.web.testing.Python;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the interface for programs says what the server has. */
class OpenApiTest {
    private static final String API = " /api/";

    @TempDir Path folder;

    private static JsonNode description() throws IOException {
        return Json.STRICT.readTree(Assets.text("openapi.json"));
    }

    private static String normal(String route) {
        return route.replaceAll("\\{[^}]*}", "{}");
    }

    private static Set<String> described() throws IOException {
        Set<String> routes = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : description().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                routes.add(method.getKey().toUpperCase(Locale.ROOT) + " " + normal(path.getKey()));
            }
        }
        return routes;
    }

    private static Set<String> only(Set<String> routes) {
        return routes.stream()
                .filter(route -> route.contains(API))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRouteIsDescribedAndNoOther() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Set<String> routes =
                    studio.server.routes().stream()
                            .map(OpenApiTest::normal)
                            .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(only(routes), only(described()));
            Set<String> missing = new TreeSet<>(described());
            missing.removeAll(routes);
            assertEquals(Set.of(), missing, "described, but not there");
        }
    }

    @Test
    void bodiesAreRefusedWithOneLine() throws Exception {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            refused(studio, "/api/trainings", "{\"name\":\"x\"}", 400, "kind must be one of ");
            refused(
                    studio,
                    "/api/trainings",
                    "{\"name\":\"x\"}",
                    400,
                    "kind must be one of %s; it is missing"
                            .formatted(String.join(", ", KindName.labels())));
            refused(studio, "/api/trainings", "{\"steps\":\" \"}", 400, "steps is an empty text");
            refused(studio, "/api/studies", "{\"votes\":\"\"}", 400, "votes is an empty text");
            refused(studio, "/api/trainings", "{\"nam\":\"x\"}", 400, "there is no field 'nam'");
            refused(studio, "/api/trainings", "[1]", 400, "the body must be one JSON object");
            refused(studio, "/api/trainings", "{", 400, "the body is no JSON");
            refused(studio, "/api/trainings", "{\"name\":null}", 400, "name must be a text");
            refused(studio, "/api/scorings", "{\"pictures\":[1]}", 400, "pictures must be a list");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":1e400}",
                    400,
                    "title is a number too large");
            refused(studio, "/api/scorings", "{\"grid\":\"/none\"}", 400, "'/none' is no folder");
            refused(studio, "/api/adapters/none/analysis", "{}", 404, "there is no such adapter");
            refused(studio, "/api/studies", "{\"title\":\"t\"}", 400, "name the folder or list");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":\"t\",\"ties\":\"yes\"}",
                    400,
                    "ties must be true or false");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":\"\\ud800\"}",
                    400,
                    "title holds half of a character");
            String twice =
                    "{\"title\":\"t\",\"source\":\"%s\",\"questions\":[\"Which?\",\"Which?\"]}";
            refused(
                    studio,
                    "/api/studies",
                    twice.formatted(studio.pictures(3, 48)),
                    400,
                    "the question \"Which?\" is there twice");
            String other = "{\"title\":\"t\",\"source\":\"%s\",\"%s\":\"%s\"}";
            refused(
                    studio,
                    "/api/studies",
                    other.formatted(studio.pictures(3, 48), "arrangement", "ALL"),
                    400,
                    "arrangement must be pairs or all, not \"ALL\"");
            refused(
                    studio,
                    "/api/studies",
                    other.formatted(studio.pictures(3, 48), "stop", "verdict"),
                    400,
                    "stop must be votes or sequence, not \"verdict\"");
            for (String single : List.of("votes", "stop", "arrangement", "source", "seed")) {
                refused(
                        studio,
                        "/api/studies",
                        "{\"title\":\"t\",\"%s\":[\"5\"]}".formatted(single),
                        400,
                        single + " must be a text or a number");
            }
            refused(
                    studio,
                    "/api/trainings",
                    "{\"name\":\"x\",\"styles\":[\"woodcut\"]}",
                    400,
                    "styles must be a text or a number");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":\"t\",\"questions\":\"Which?\"}",
                    400,
                    "questions must be a list of texts");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":\"t\",\"questions\":[\"Which?\\nWhy?\"]}",
                    400,
                    "questions has a text of several lines");
            refused(
                    studio,
                    "/api/studies",
                    "{\"title\":\"t\",\"pictures\":[\"a\"],\"source\":\"/x\"}",
                    400,
                    "name pictures of the gallery or a source, not both");
            refused(
                    studio,
                    "/api/studies",
                    other.formatted(studio.pictures(3, 48), "contact", "")
                            .replace("\"t\"", "\"\u00a0\u200b\""),
                    400,
                    "the title is empty");
            refused(studio, "/api/studies/none/lock", "", 404, "there is no study");
            refused(studio, "/api/jobs/none/cancel", "", 404, "there is no such job");
        }
    }

    private static void refused(
            TestStudio studio, String path, String body, int status, String begins)
            throws Exception {
        HttpResponse<String> answer = post(studio, path, body, "");
        JsonNode error = Json.PLAIN.readTree(answer.body()).path("error");
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(error.asText().startsWith(begins), path + ": " + answer.body());
        assertEquals(1, error.asText().lines().count(), answer.body());
    }

    private static HttpResponse<String> post(
            TestStudio studio, String path, String body, String origin) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(studio.address(path)))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!origin.isEmpty()) {
            request.header("Origin", origin);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void otherSitesAndStrangersChangeNothing() throws Exception {
        String url = TestDatabase.SQLITE.newUrl(folder);
        try (TestStudio studio =
                new TestStudio(folder, url, Clock.systemUTC(), "a long password")) {
            for (String path : List.of("/api/studies", "/api/queue", "/api/adapters")) {
                HttpResponse<String> read = get(studio, path);
                assertEquals(401, read.statusCode(), path);
                assertTrue(read.body().startsWith("{\"error\":\"log in first"), read.body());
            }
            for (String path : List.of("/api/trainings", "/api/scorings", "/api/studies")) {
                assertEquals(401, post(studio, path, "{}", "").statusCode(), path);
                assertEquals(
                        403, post(studio, path, "{}", "http://evil.example").statusCode(), path);
            }
        }
    }

    @Test
    void aStudyIsMadeWatchedAndLocked() throws Exception {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Path source = studio.pictures(3, 48);
            try (Stream<Path> files = Files.list(source.resolve(TestStudio.METHODS.get(0)))) {
                Files.delete(files.findFirst().orElseThrow());
            }
            String order =
                    Json.PLAIN.writeValueAsString(
                            Map.of(
                                    "title",
                                    "Boats",
                                    "source",
                                    source.toString(),
                                    "asked_by",
                                    "The museum",
                                    "contact",
                                    "museum@example.org",
                                    "purpose",
                                    "A catalogue",
                                    "retention",
                                    "a year",
                                    "publication",
                                    "nothing",
                                    "minimum_age",
                                    16));
            HttpResponse<String> made = post(studio, "/api/studies", order, "");
            assertEquals(201, made.statusCode(), made.body());
            JsonNode study = Json.PLAIN.readTree(made.body());
            assertEquals(2, study.path("prompts").asInt(), made.body());
            assertEquals(1, study.path("prompts_left_out").asInt(), made.body());
            assertEquals(0, study.path("prompts_that_differ").asInt(-1), made.body());
            String path = "/api/studies/" + study.path("id").asText();
            assertTrue(study.path("files").isEmpty(), made.body());
            HttpResponse<String> consent = get(studio, study.path("vote").asText());
            assertEquals(200, consent.statusCode());
            for (String term :
                    List.of("The museum", "museum@example.org", "A catalogue", "a year", "16")) {
                assertTrue(consent.body().contains(term), consent.body());
            }
            assertEquals(409, get(studio, path + "/result").statusCode());
            assertEquals("Boats", json(get(studio, path)).path("title").asText());
            JsonNode locked = json(post(studio, path + "/lock", "", ""));
            assertTrue(locked.path("locked").asBoolean());
            assertEquals(0, json(get(studio, path + "/result")).path("votes_counted").asInt(-1));
            for (JsonNode file : locked.path("files")) {
                assertEquals(200, get(studio, file.asText()).statusCode(), file.asText());
            }
            assertEquals(409, post(studio, path + "/lock", "", "").statusCode());
            assertEquals(1, json(get(studio, "/api/studies")).size());
        }
    }

    private static HttpResponse<String> get(TestStudio studio, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(studio.address(path))).build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.PLAIN.readTree(answer.body());
    }

    /** By a public checker. */
    @Test
    void theDescriptionIsValid() throws IOException {
        Python python = Python.with("openapi_spec_validator");
        Path file = folder.resolve("openapi.json");
        Files.writeString(file, Assets.text("openapi.json"));
        Python.Outcome outcome =
                python.run(List.of("-m", "openapi_spec_validator", file.toString()));
        assertEquals(0, outcome.status(), outcome.told());
    }
}
