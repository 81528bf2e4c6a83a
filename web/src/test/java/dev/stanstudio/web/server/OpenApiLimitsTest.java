package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.generate.DrawingStudio;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits that the description of the interface states are those that the server enforces. */
class OpenApiLimitsTest {
    @TempDir Path folder;
    private DrawingStudio studio;
    private JsonNode schemas;

    /** A value beyond a limit, with the limit. */
    private record Beyond(String field, JsonNode value, String limit) {}

    @BeforeEach
    void open() throws IOException {
        studio = new DrawingStudio(folder, 0);
        schemas = Json.STRICT.readTree(Assets.text("openapi.json")).at("/components/schemas");
    }

    @AfterEach
    void close() {
        studio.close();
    }

    /** Several texts differ, since equal ones are refused for that. */
    private static ArrayNode many(JsonNode one, int count) {
        ArrayNode list = Json.PLAIN.createArrayNode();
        for (int i = 0; i < count; i++) {
            if (one.isTextual() && count > 1) {
                list.add(one.textValue() + i);
            } else {
                list.add(one);
            }
        }
        return list;
    }

    private static JsonNode text(int length) {
        return Json.PLAIN.getNodeFactory().textNode("x".repeat(length));
    }

    private static JsonNode example(JsonNode schema) {
        return schema.path("type").asText().equals("integer")
                ? Json.PLAIN.getNodeFactory().numberNode(1)
                : text(1);
    }

    /** Returns a value beyond each limit of a field. */
    private static List<Beyond> beyond(String field, JsonNode schema) {
        List<Beyond> found = new ArrayList<>();
        JsonNode maximum = schema.path("maximum");
        if (maximum.canConvertToInt()) {
            JsonNode more = Json.PLAIN.getNodeFactory().numberNode(maximum.asInt() + 1);
            found.add(new Beyond(field, more, maximum.asText()));
        }
        if (schema.path("minimum").canConvertToInt()) {
            int less = schema.path("minimum").asInt() - 1;
            found.add(new Beyond(field, Json.PLAIN.getNodeFactory().numberNode(less), ""));
        }
        if (schema.has("maxLength")) {
            int most = schema.path("maxLength").asInt();
            found.add(new Beyond(field, text(most + 1), "" + most));
        }
        if (schema.has("minLength")) {
            found.add(new Beyond(field, text(0), ""));
        }
        JsonNode items = schema.path("items");
        if (schema.has("maxItems")) {
            int most = schema.path("maxItems").asInt();
            found.add(new Beyond(field, many(example(items), most + 1), "" + most));
        }
        if (schema.has("minItems")) {
            found.add(new Beyond(field, many(example(items), 0), ""));
        }
        if (items.isObject()) {
            beyond(field, items)
                    .forEach(
                            item ->
                                    found.add(
                                            new Beyond(
                                                    field, many(item.value(), 1), item.limit())));
        }
        return found;
    }

    private void check(String schema, String path, ObjectNode order, int least) throws Exception {
        int checked = 0;
        for (Map.Entry<String, JsonNode> field :
                schemas.path(schema).path("properties").properties()) {
            for (Beyond beyond : beyond(field.getKey(), field.getValue())) {
                ObjectNode body = order.deepCopy();
                body.set(beyond.field(), beyond.value());
                HttpResponse<String> answer = post(path, body);
                String what = schema + "." + beyond.field() + " beyond " + beyond.limit();
                assertEquals(400, answer.statusCode(), what + ": " + answer.body());
                assertTrue(answer.body().contains(beyond.limit()), what + ": " + answer.body());
                checked++;
            }
        }
        assertTrue(checked >= least, checked + " limits are described of " + schema);
    }

    private HttpResponse<String> post(String path, JsonNode body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(studio.address() + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void ofMatrices() throws Exception {
        ObjectNode order = Json.PLAIN.createObjectNode();
        order.putArray("prompts").add("a boat");
        check("Order", "/api/matrices", order, 12);
        int most = schemas.at("/Values/oneOf/1/maxItems").asInt();
        ArrayNode values = order.putObject("axes").putArray("guidance");
        for (int i = 0; i <= most; i++) {
            values.add(1 + i / 10.0);
        }
        HttpResponse<String> answer = post("/api/matrices", order);
        assertEquals(400, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("more than " + most + " values"), answer.body());
        assertEquals(0, studio.pictures().newest(1).size(), "nothing is queued");
    }

    @Test
    void ofStudies() throws Exception {
        for (String method : List.of("A", "B")) {
            Path own = Files.createDirectories(folder.resolve("pictures").resolve(method));
            Files.copy(Goldens.own("inputs/picture.png"), own.resolve("boat.png"));
        }
        ObjectNode order = Json.PLAIN.createObjectNode();
        order.put("title", "Boats").put("source", folder.resolve("pictures").toString());
        order.put("raters", 4);
        check("StudyOrder", "/api/studies", order, 24);
    }
}
