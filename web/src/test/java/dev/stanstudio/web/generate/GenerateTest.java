package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.web.generate.DrawingStudio.Ordered;
import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.testing.PlainStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
    private static final String LONG = "\"prompts\":[\"boat\"],\"steps\":10000";
    private static final String SHORT = "\"prompts\":[\"boat\"],\"steps\":2";

    @TempDir Path folder;

    @Test
    void aMatrixIsDrawnCellByCellAndShownAfterAReload() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order =
                    visitor.order(
                            "\"prompts\":[\"a boat\",\"a cat\"],\"styles\":[\"\",\"woodcut\"],"
                                    + "\"seeds\":[1,2],\"steps\":2");
            order.awaitDone();
            Set<String> shown = new HashSet<>();
            for (JsonNode picture : order.pictures()) {
                shown.add(
                        picture.path("prompt")
                                + "|"
                                + picture.path("style")
                                + "|"
                                + picture.path("seed"));
            }
            String page = Visitor.text(visitor.get("/generate/" + order.id()));
            assertAll(
                    () -> assertEquals(8, shown.size()),
                    () -> assertEquals(8, page.split("data-state=\"done\"", -1).length - 1, page),
                    () ->
                            assertTrue(
                                    page.contains("alt=\"a cat, woodcut, no adapter, seed 2\""),
                                    page),
                    () -> assertEquals(page, Visitor.text(visitor.get("/generate"))));
        }
    }

    @Test
    void aWaitingPictureIsCancelledAtOnceAndARunningOneSoon() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order = visitor.order(LONG + ",\"seeds\":[1,2]");
            order.await(states -> states.get(0).equals("running"));
            assertEquals(204, visitor.post("/pictures/" + order.id(1) + "/cancel").statusCode());
            assertEquals("cancelled", order.states().get(1));
            assertEquals(204, visitor.post("/pictures/" + order.id(0) + "/cancel").statusCode());
            order.await(states -> states.equals(List.of("cancelled", "cancelled")));
            HttpResponse<byte[]> again = visitor.post("/pictures/" + order.id(0) + "/cancel");
            assertEquals(409, again.statusCode());
            Ordered next = visitor.order(SHORT).awaitDone();
            assertEquals(List.of("done"), next.states());
        }
    }

    @Test
    void aFailureSaysWhyAndIsTriedAgain() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            visitor.post("/queue/pause");
            Ordered order = visitor.order(SHORT);
            // As if the model had been replaced by a smaller one since it was asked.
            studio.studio
                    .database()
                    .jdbi()
                    .useHandle(
                            h ->
                                    h.execute(
                                            "UPDATE picture SET request = replace(request,"
                                                    + " '\"width\":64', '\"width\":4096')"));
            visitor.post("/queue/resume");
            order.await(states -> states.equals(List.of("failed")));
            String why = order.pictures().get(0).path("remark").asText();
            assertTrue(why.contains("pixels a side"), why);
            assertTrue(Visitor.text(visitor.get("/generate")).contains(why.substring(0, 12)));
            assertEquals(204, visitor.post("/pictures/" + order.id(0) + "/retry").statusCode());
            order.await(states -> states.equals(List.of("failed")));
        }
    }

    @Test
    void ownersTakeTurnsAndLinesCanBeReordered() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor first = studio.visitor();
            Visitor second = studio.visitor();
            first.post("/queue/pause");
            Ordered many = first.order(SHORT + ",\"seeds\":[1,2,3]");
            Ordered few = second.order(SHORT + ",\"seeds\":[4]");
            assertEquals(List.of(1, 3, 4), places(many));
            assertEquals(List.of(2), places(few));
            first.post("/pictures/" + many.id(2) + "/first");
            assertEquals(List.of(3, 4, 1), places(many));
            String wanted = "id=" + many.id(0) + "&id=" + many.id(2) + "&id=" + many.id(1);
            first.post("/queue/order", "application/x-www-form-urlencoded", wanted);
            assertEquals(List.of(1, 4, 3), places(many));
            JsonNode health = first.json(first.get("/health"));
            assertEquals(4, health.path("queued").asInt());
            assertTrue(health.path("paused").asBoolean());
            first.post("/queue/resume");
            many.awaitDone();
            few.awaitDone();
        }
    }

    private static List<Integer> places(Ordered order) {
        return order.pictures().stream().map(picture -> picture.path("place").asInt()).toList();
    }

    @Test
    void twentyAtOnceGiveWhatTheyGiveOneAfterAnother() throws IOException {
        List<byte[]> serial = new ArrayList<>();
        List<byte[]> concurrent = new ArrayList<>();
        try (DrawingStudio studio = new DrawingStudio(folder.resolve("serial"), 1)) {
            Ordered order =
                    studio.visitor()
                            .order(SHORT + ",\"seeds\":" + IntStream.range(0, 20).boxed().toList());
            order.awaitDone();
            IntStream.range(0, 20).forEach(i -> serial.add(order.png(i)));
        }
        try (DrawingStudio studio = new DrawingStudio(folder.resolve("at-once"), 4)) {
            List<Ordered> orders = Collections.synchronizedList(new ArrayList<>());
            IntStream.range(0, 20)
                    .parallel()
                    .mapToObj(seed -> studio.visitor().order(SHORT + ",\"seeds\":[" + seed + "]"))
                    .forEach(orders::add);
            for (Ordered order : orders) {
                order.awaitDone();
            }
            orders.sort(
                    java.util.Comparator.comparingLong(
                            order -> order.pictures().get(0).path("seed").asLong()));
            orders.forEach(order -> concurrent.add(order.png(0)));
        }
        for (int i = 0; i < 20; i++) {
            assertArrayEquals(serial.get(i), concurrent.get(i), "seed " + i);
        }
        assertFalse(java.util.Arrays.equals(serial.get(0), serial.get(1)));
    }

    @Test
    void whatAnEarlierProcessLeftIsDrawn() {
        String id;
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Ordered order = studio.visitor().order(LONG);
            order.await(states -> states.equals(List.of("running")));
            id = order.id();
        }
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Ordered left = new Ordered(studio.visitor(), id);
            assertEquals(List.of("queued"), left.states());
        }
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Ordered again = new Ordered(studio.visitor(), id);
            again.await(states -> states.equals(List.of("running")));
            again.visitor().post("/generate/" + id + "/cancel");
            again.await(states -> states.equals(List.of("cancelled")));
        }
    }

    @Test
    void anEmptyStudioDrawsAWelcome() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0, true)) {
            String page = Visitor.text(studio.visitor().get("/generate"));
            assertEquals(12, page.split("data-state=\"queued\"", -1).length - 1, page);
        }
    }

    @Test
    void everyStepIsTold() throws Exception {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            HttpResponse<java.io.InputStream> stream =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            studio.address() + "/generate/events"))
                                            .header("Accept", "text/event-stream")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream());
            Ordered order = studio.visitor().order("\"prompts\":[\"boat\"],\"steps\":40");
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                List<String> seen = new ArrayList<>();
                String line = lines.readLine();
                while (line != null && !line.contains("\"state\":\"done\"")) {
                    seen.add(line);
                    line = lines.readLine();
                }
                assertTrue(seen.contains("event: step"), seen.toString());
                assertTrue(
                        seen.stream().anyMatch(s -> s.contains("data:image/png;base64,")),
                        seen.toString());
                assertTrue(line != null && line.contains("cell-" + order.id(0)), line);
            }
        }
    }

    @Test
    void picturesTickedInTheGalleryBecomeAStudy() {
        String form = "application/x-www-form-urlencoded";
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            Visitor visitor = studio.visitor();
            Ordered order = visitor.order(SHORT + ",\"seeds\":[1,2]").awaitDone();
            String first = order.id(0);
            String second = order.id(1);
            String alone = Visitor.text(visitor.post("/studies/new", form, "id=" + first));
            assertTrue(alone.contains("there is only “no adapter”"), alone);
            // As if another method had drawn the second from the same seed.
            studio.studio
                    .database()
                    .jdbi()
                    .useHandle(
                            h ->
                                    h.execute(
                                            "UPDATE picture SET method = 'Other', seed = 1 WHERE id"
                                                    + " = ?",
                                            second));
            String ids = "id=" + first + "&id=" + second;
            String asked = Visitor.text(visitor.post("/studies/new", form, ids));
            assertTrue(asked.contains("1 prompt by no adapter, Other"), asked);
            assertTrue(asked.contains("value=\"" + first + "," + second + "\""), asked);
            HttpResponse<byte[]> made =
                    visitor.post(
                            "/studies",
                            form,
                            "title=Boats&questions=Better&trials=1&raters=2&votes=2&checks=0"
                                    + "&repeats=0&training=0&pictures="
                                    + first
                                    + ","
                                    + second);
            assertEquals(303, made.statusCode(), Visitor.text(made));
            String page = made.headers().firstValue("location").orElseThrow();
            assertTrue(Visitor.text(visitor.get(page)).contains("Boats"));
            assertEquals(
                    400, visitor.post("/studies/new", form, "").statusCode(), "nothing ticked");
            // Deleted before the form is sent: voters do not see it, nor another study.
            visitor.post("/pictures/" + second + "/delete", form, "");
            String binned = Visitor.text(visitor.post("/studies/new", form, ids));
            assertTrue(binned.contains("1 of the 2 chosen pictures is not drawn, in the"), binned);
            HttpResponse<byte[]> refused =
                    visitor.post(
                            "/api/studies",
                            "application/json",
                            "{\"title\":\"Boats\",\"pictures\":[\"%s\",\"%s\",\"none\"]}"
                                    .formatted(first, second));
            assertEquals(400, refused.statusCode(), Visitor.text(refused));
            assertTrue(Visitor.text(refused).contains("2 of the 3 chosen"), Visitor.text(refused));
        }
    }

    /** Fifty pages watch a picture being drawn; each is told of its steps and of its end. */
    @Test
    void fiftyViewersAreAllTold() throws Exception {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            List<PlainStream> viewers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                viewers.add(new PlainStream(studio.server.port(), "/generate/events"));
            }
            for (PlainStream viewer : viewers) {
                viewer.readTo("event: queue"); // it is known to the studio now
            }
            Ordered order = studio.visitor().order("\"prompts\":[\"boat\"],\"steps\":40");
            for (PlainStream viewer : viewers) {
                List<String> told = viewer.readTo("\"state\":\"done\"");
                assertTrue(told.contains("event: step"), told.toString());
            }
            assertEquals(List.of("done"), order.states());
            assertEquals(200, studio.visitor().get("/health").statusCode());
            for (PlainStream viewer : viewers) {
                viewer.close();
            }
        }
    }

    @Test
    void badOrdersAreRefusedInOneLine() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            assertAll(
                    () -> refused(visitor, 400, "at least one prompt", "{\"prompts\":[]}"),
                    () -> refused(visitor, 400, "no order", "{\"prompts\":"),
                    () -> refused(visitor, 400, "prompts[0] is of the wrong", "{\"prompts\":[1]}"),
                    () -> refused(visitor, 400, "negative is of", "{\"negative\":true}"),
                    () -> refused(visitor, 400, "NUL", "{\"prompts\":[\"a\\u0000b\"]}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "half of a character",
                                    "{\"prompts\":[\"a\"],\"styles\":[\"\\ud800\"]}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "no order",
                                    "{\"prompts\":[\"a\"],\"seeds\":[1.5]}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "no order",
                                    "{\"prompts\":[\"a\"],\"seeds\":[18446744073709551615]}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "pixels a side; the height is 4096",
                                    "{\"prompts\":[\"a\"],\"height\":4096}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "divisible by 16, not 5; use 16",
                                    "{\"prompts\":[\"a\"],\"width\":5}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "11 pictures of 10000 steps are 110000 steps",
                                    "{\"prompts\":[\"a\"],\"steps\":10000,\"seeds\":"
                                            + IntStream.range(0, 11).boxed().toList()
                                            + "}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "divisible by 16",
                                    "{\"prompts\":[\"a\"],\"width\":50}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "at most 2000",
                                    "{\"prompts\":[\"a\"],\"seeds\":"
                                            + IntStream.range(0, 2001).boxed().toList()
                                            + "}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "no adapter",
                                    "{\"prompts\":[\"a\"],\"methods\":[\"../x\"]}"),
                    () ->
                            refused(
                                    visitor,
                                    400,
                                    "at most 5000",
                                    "{\"prompts\":[\"" + "a".repeat(6000) + "\"]}"),
                    () ->
                            refused(
                                    visitor,
                                    413,
                                    "larger than",
                                    "{\"prompts\":[\"" + "a".repeat(50 << 20) + "\"]}"),
                    () ->
                            assertEquals(
                                    0,
                                    visitor.json(visitor.get("/health")).path("queued").asInt()));
        }
    }

    @Test
    void aProgramIsAnsweredInJsonWhateverItSaysItAccepts() throws Exception {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(studio.address() + "/api/matrices"))
                                            .header("Content-Type", "application/json")
                                            .POST(HttpRequest.BodyPublishers.ofString("{bad"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().startsWith("{\"error\":\""), answer.body());
        }
    }

    private static void refused(Visitor visitor, int status, String words, String body) {
        HttpResponse<byte[]> answer = visitor.post("/api/matrices", "application/json", body);
        String error = visitor.json(answer).path("error").asText();
        assertEquals(status, answer.statusCode(), error);
        assertTrue(error.contains(words), error);
        assertEquals(1, error.lines().count(), error);
    }
}
