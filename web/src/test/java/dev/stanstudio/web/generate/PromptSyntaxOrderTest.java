package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.server.Assets;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders whose brackets are weights, and orders whose brackets are text. */
class PromptSyntaxOrderTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir Path folder;

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static GenerationRequest newest(DrawingStudio studio) {
        PictureTable table = studio.pictures();
        return table.request(table.ofMatrix(table.newest(1).get(0).id()).get(0).id()).orElseThrow();
    }

    private static HttpResponse<byte[]> post(DrawingStudio studio, String prompt, String more) {
        return studio.visitor()
                .post(
                        "/generate",
                        FORM,
                        "prompts="
                                + encoded(prompt)
                                + "&seeds=4&steps=3&guidance=2&width=64&height=32&sampler=euler"
                                + "&method=none&model="
                                + encoded(DrawingStudio.model())
                                + more);
    }

    @Test
    void programsAskForWeights() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String prompt = "\"prompts\":[\"a (red:1.3) cat\"]";
            studio.visitor()
                    .order("\"prompt_syntax\":\"weighted\",\"negative\":\"[fog]\"," + prompt);
            assertEquals(TextSyntax.WEIGHTED, newest(studio).text().syntax());
            assertEquals(List.of("red × 1.3", "fog × 0.909"), newest(studio).weightedWords());
        }
        try (DrawingStudio studio = new DrawingStudio(folder.resolve("other"), 0)) {
            studio.visitor().order("\"prompts\":[\"a (red cat\"]");
            assertNull(newest(studio).text().syntax(), "brackets are text unless asked");
            assertEquals(List.of(), newest(studio).weightedWords());
        }
    }

    @Test
    void theDrawnPictureSaysWhatWasWeighted() {
        try (DrawingStudio studio = new DrawingStudio(folder, 1)) {
            DrawingStudio.Ordered ordered =
                    studio.visitor()
                            .order(
                                    "\"prompt_syntax\":\"weighted\",\"steps\":1,"
                                            + "\"prompts\":[\"a (red:1.3) cat\"]")
                            .awaitDone();
            String page =
                    DrawingStudio.Visitor.text(studio.visitor().get("/pictures/" + ordered.id(0)));
            assertTrue(page.contains("<dt>Weighted</dt><dd>red × 1.3</dd>"), page);
        }
    }

    @Test
    void theFormAsksForWeightsAndShowsThatItDid() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            HttpResponse<byte[]> answer = post(studio, "a (red:1.3) cat", "&syntax=weighted");
            assertTrue(answer.statusCode() < 400, DrawingStudio.Visitor.text(answer));
            assertEquals(List.of("red × 1.3"), newest(studio).weightedWords());
            String page = DrawingStudio.Visitor.text(studio.visitor().get("/generate"));
            assertTrue(page.contains("name=\"syntax\" value=\"weighted\" checked"), page);
        }
    }

    @Test
    void weightsThatCannotBeReadAreRefusedInOneLineAndNothingIsQueued() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            for (String fields :
                    List.of(
                            "\"prompts\":[\"a cat\",\"a (red cat\"]",
                            "\"prompts\":[\"a cat\"],\"negative\":\"(red:NaN)\"",
                            "\"prompts\":[\"{a (cat:1e9)|a (dog:1e9)}\"],\"choices\":true")) {
                HttpResponse<byte[]> answer =
                        studio.visitor()
                                .post(
                                        "/api/matrices",
                                        "application/json",
                                        "{\"prompt_syntax\":\"weighted\"," + fields + "}");
                String error = studio.visitor().json(answer).path("error").asText();
                assertEquals(400, answer.statusCode(), fields);
                assertTrue(error.contains("prompt: "), error);
                assertEquals(1, error.lines().count());
            }
            HttpResponse<byte[]> answer = post(studio, "a (red cat", "&syntax=weighted");
            assertEquals(400, answer.statusCode());
            assertTrue(
                    DrawingStudio.Visitor.text(answer).contains("never closed"),
                    DrawingStudio.Visitor.text(answer));
            assertEquals(List.of(), studio.pictures().newest(1));
        }
    }

    @Test
    void longPromptsAreCountedAsTheyAreRead() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String fields =
                    "seeds=0&model="
                            + encoded(DrawingStudio.model())
                            + "&prompts="
                            + encoded("a (red:1.3) door in the fog, ".repeat(12));
            String plain =
                    DrawingStudio.Visitor.text(
                            studio.visitor().post("/generate/reading", FORM, fields));
            String weighted =
                    DrawingStudio.Visitor.text(
                            studio.visitor()
                                    .post("/generate/reading", FORM, fields + "&syntax=weighted"));
            assertTrue(plain.contains("CLIP-L does not read the end"), plain);
            assertTrue(!weighted.contains("CLIP-L does not read the end"), weighted);
        }
    }

    @Test
    void theDescriptionNamesEverySyntax() throws IOException {
        List<String> labels = new ArrayList<>();
        new ObjectMapper()
                .readTree(Assets.text("openapi.json"))
                .findValue("prompt_syntax")
                .path("enum")
                .forEach(label -> labels.add(label.textValue()));
        assertEquals(Labelled.labels(TextSyntax.values()), labels);
    }
}
