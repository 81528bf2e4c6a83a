package dev.stanstudio.web.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders whose prompts hold choices, and orders whose braces are text. */
class PromptChoicesOrderTest {
    @TempDir Path folder;

    private static List<String> prompts(DrawingStudio.Ordered ordered) {
        return ordered.pictures().stream().map(picture -> picture.path("prompt").asText()).toList();
    }

    @Test
    void choicesAreMadeBySeedAndRecorded() throws IOException {
        Files.createDirectories(folder.resolve("wildcards"));
        Files.writeString(folder.resolve("wildcards").resolve("animal.txt"), "cat\ndog\n");
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String order =
                    "\"choices\":true,\"styles\":[\"\",\"cubism\"],\"seeds\":[0,1,2,3,4,5,6,7],"
                            + "\"prompts\":[\"a {red|blue} __animal__\"]";
            DrawingStudio.Ordered first = studio.visitor().order(order);
            List<String> prompts = prompts(first);
            assertEquals(prompts, prompts(studio.visitor().order(order)), "the same another time");
            Set<String> made = new TreeSet<>(prompts);
            assertTrue(
                    Set.of("a red cat", "a red dog", "a blue cat", "a blue dog").containsAll(made)
                            && made.size() > 1,
                    made.toString());
            for (int i = 0; i < prompts.size(); i += 2) {
                assertEquals(prompts.get(i), prompts.get(i + 1), "styles of a seed show the same");
            }
            GenerationRequest styled = studio.pictures().request(first.id(1)).orElseThrow();
            assertEquals(prompts.get(1) + ", in the style of cubism", styled.prompt().text());
            assertEquals(
                    "a {red|blue} __animal__, in the style of cubism", styled.prompt().template());
        }
    }

    @Test
    void bracesAreTextWhereNobodyAsksForChoices() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            String prompt = "a {red|blue} __animal__";
            DrawingStudio.Ordered ordered =
                    studio.visitor().order("\"prompts\":[\"" + prompt + "\"]");
            assertEquals(List.of(prompt), prompts(ordered));
            String page = DrawingStudio.Visitor.text(studio.visitor().get("/generate"));
            assertTrue(page.contains(">a \\{red|blue} \\__animal__<"), "the form keeps them text");
        }
    }

    @Test
    void anUnknownWildcardIsRefusedInOneLineAndNothingIsQueued() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            HttpResponse<byte[]> answer =
                    studio.visitor()
                            .post(
                                    "/api/matrices",
                                    "application/json",
                                    "{\"choices\":true,\"prompts\":[\"a __plant__\"]}");
            assertEquals(400, answer.statusCode());
            JsonNode error = studio.visitor().json(answer).path("error");
            assertTrue(error.asText().contains("__plant__"), error.asText());
            assertEquals(1, error.asText().lines().count());
            assertEquals(List.of(), studio.pictures().newest(1));
        }
    }
}
