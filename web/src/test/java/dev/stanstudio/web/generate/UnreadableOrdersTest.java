package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.generate.DrawingStudio.Visitor;
import dev.stanstudio.web.matrix.AxisKind;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders that could be read as others than they are, which would draw other pictures. */
class UnreadableOrdersTest {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir Path folder;

    private static Map<String, String> refusals() {
        Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put("{\"prompts\":[\"x\"],\"prompts\":[\"y\"]}", "Duplicate field 'prompts'");
        refusals.put("{\"prompts\":[\"x\"]}{\"prompts\":[\"y\"]}", "one JSON object");
        refusals.put("[]", "one JSON object");
        refusals.put("\"x\"", "one JSON object");
        refusals.put("", "one JSON object");
        refusals.put("{\"prompts\":\"x\"}", "prompts is of the wrong kind");
        refusals.put("{\"prompts\":[\"x\"],\"seeds\":[1,\"a\"]}", "seeds[1] is of the wrong kind");
        refusals.put("{\"prompts\":[\"x\"],\"seeds\":[9223372036854775808]}", "seeds[0]");
        refusals.put("{\"prompts\":[\"x\"],\"width\":1.5}", "width is of the wrong kind");
        refusals.put("{\"prompts\":[\"x\"],\"witdh\":64}", "no field 'witdh'");
        refusals.put("{\"prompts\":[\"x\"],\"model\":\"\"}", "model is empty");
        halfCharacters(refusals);
        kinds(refusals);
        for (AxisKind axis : AxisKind.values()) {
            for (String number : List.of("1e400", "-1e400", "[1, 1e9999999]")) {
                refusals.put(
                        "{\"prompts\":[\"x\"],\"axes\":{\"%s\":%s}}"
                                .formatted(axis.label(), number),
                        "axes." + axis.label() + " must be values or ranges");
            }
        }
        return refusals;
    }

    private static void halfCharacters(Map<String, String> refusals) {
        for (String field : List.of("model", "negative", "sampler", "prompt_syntax")) {
            refusals.put(
                    "{\"%s\":\"a\\ud800\"}".formatted(field), field + " holds half of a character");
        }
        for (String field : List.of("prompts", "styles", "methods")) {
            refusals.put(
                    "{\"%s\":[\"\\udc00\"]}".formatted(field),
                    field + " holds half of a character");
        }
    }

    /** Texts that would be read as left out, as a number or as true. */
    private static void kinds(Map<String, String> refusals) {
        for (String text : List.of("\"\"", "\" \"", "\"7\"")) {
            for (String field : List.of("width", "height", "steps", "guidance", "choices")) {
                refusals.put(
                        "{\"prompts\":[\"x\"],\"%s\":%s}".formatted(field, text),
                        field + " is of the wrong kind");
            }
        }
        refusals.put("{\"prompts\":[\"x\"],\"choices\":1}", "choices is of the wrong kind");
        refusals.put("{\"prompts\":[\"x\"],\"seeds\":[\"1\"]}", "seeds[0] is of the wrong kind");
    }

    @Test
    void programsAreToldTheFieldInPlainWords() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            refusals()
                    .forEach(
                            (body, words) -> {
                                var answer = visitor.post("/api/matrices", JSON, body);
                                String said = Visitor.text(answer);
                                assertEquals(400, answer.statusCode(), body + ": " + said);
                                String error = visitor.json(answer).path("error").asText();
                                assertTrue(error.contains(words), body + ": " + error);
                                assertFalse(error.contains("java"), error);
                                assertFalse(error.contains("stanstudio"), error);
                            });
        }
    }

    @Test
    void textInAnotherEncodingIsRefused() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            Visitor visitor = studio.visitor();
            String latin = "{\"prompts\":[\"caf\u00e9\"],\"width\":64,\"height\":64}";
            assertEquals(400, send(visitor, JSON, latin.getBytes(StandardCharsets.ISO_8859_1)));
            assertEquals(201, send(visitor, JSON, latin.getBytes(StandardCharsets.UTF_8)));
            for (String damaged : new String[] {"%FF", "caf%E9", "%C3", "%ED%A0%80", "%C0%80"}) {
                HttpResponse<byte[]> answer =
                        visitor.post("/generate", FORM, "model=x&prompts=" + damaged);
                String said = Visitor.text(answer);
                assertEquals(400, answer.statusCode(), damaged + ": " + said);
                assertTrue(said.contains("UTF-8"), damaged + ": " + said);
                assertEquals(400, visitor.get("/gallery?q=" + damaged).statusCode(), damaged);
            }
            assertEquals(200, visitor.get("/gallery?q=caf%C3%A9").statusCode());
        }
    }

    private static int send(Visitor visitor, String type, byte[] body) {
        return visitor.send(
                        visitor.request("/api/matrices")
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build())
                .statusCode();
    }
}
