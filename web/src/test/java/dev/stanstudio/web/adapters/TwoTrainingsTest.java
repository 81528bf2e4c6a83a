package dev.stanstudio.web.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.generate.DrawingStudio;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two trainings of one name, of which the second would end as done with the first's adapter. */
class TwoTrainingsTest {
    private static final int TRIES = 8;

    @TempDir Path folder;

    private static int train(DrawingStudio studio, int steps) {
        String model = URLEncoder.encode(DrawingStudio.model(), StandardCharsets.UTF_8);
        HttpResponse<byte[]> answer =
                studio.visitor()
                        .post(
                                "/adapters/train",
                                "application/x-www-form-urlencoded",
                                "name=one&kind=lora&preset=nano&collection=procedural&model="
                                        + model
                                        + "&steps="
                                        + steps);
        return answer.statusCode();
    }

    @Test
    void ofTwoOrdersWithOneNameOneIsTaken() {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            List<Integer> answers =
                    IntStream.rangeClosed(1, TRIES)
                            .parallel()
                            .mapToObj(steps -> train(studio, steps))
                            .sorted()
                            .toList();
            assertEquals(303, answers.get(0), answers.toString());
            assertTrue(answers.stream().skip(1).allMatch(s -> s == 422), answers.toString());
            String page = DrawingStudio.Visitor.text(studio.visitor().get("/adapters"));
            assertEquals(2, page.split("Training one \\(lora\\)", -1).length, "one is listed");
        }
    }

    @Test
    void formsOpenWhereTheFolderOfCollectionsIsGone() throws Exception {
        try (DrawingStudio studio = new DrawingStudio(folder, 0)) {
            assertEquals(200, studio.visitor().get("/adapters/train").statusCode());
            Files.delete(folder.resolve("collections"));
            assertEquals(200, studio.visitor().get("/adapters/train").statusCode());
        }
    }
}
