package dev.stanstudio.web.scores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.Json;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreLimitsTest {
    @TempDir private Path folder;

    /** The first of them alone would be scored, and the result would look like that of all. */
    @Test
    void moreThanAScoringTakesIsRefused() throws IOException, InterruptedException {
        List<String> ids =
                IntStream.rangeClosed(0, ScoreForm.MOST_PICTURES).mapToObj(i -> "id" + i).toList();
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(studio.address("/api/scorings")))
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            Json.PLAIN.writeValueAsString(Map.of("pictures", ids))))
                            .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(400, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("20001 pictures are chosen"), answer.body());
        }
    }
}
