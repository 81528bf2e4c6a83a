package dev.stanstudio.web.picture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.scoring.score.RowFiles;
import dev.stanstudio.web.server.StudioContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Copies the scores of pictures from finished scorings into the database, where the gallery can
 * order by them. Thread-safe.
 */
final class ReadScores {
    /** Cosine between a picture and its prompt. */
    private static final String METRIC = "clip_t";

    private static final String SUFFIX = ".png";

    private final Jdbi jdbi;
    private final Path scorings;

    ReadScores(StudioContext studio) {
        this.jdbi = studio.database().jdbi();
        this.scorings = studio.home().subfolder("scores");
    }

    /** Reads scorings that were finished since the last call, oldest first. */
    void read() {
        Set<String> known =
                new HashSet<>(
                        jdbi.withHandle(
                                h ->
                                        h.createQuery("SELECT name FROM read_scoring")
                                                .mapTo(String.class)
                                                .list()));
        for (Path folder : finished()) {
            String name = String.valueOf(folder.getFileName());
            if (!known.contains(name)) {
                read(name, folder.resolve(RowFiles.LINES));
            }
        }
    }

    private void read(String name, Path lines) {
        try {
            store(name, scores(lines));
        } catch (IOException e) {
            return; // the gallery is of use without scores; the next visit tries again
        }
    }

    /** Returns the folders of finished scorings, oldest first. */
    private List<Path> finished() {
        Map<Path, Long> times = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(scorings)) {
            for (Path folder : folders) {
                Path lines = folder.resolve(RowFiles.LINES);
                if (Files.isRegularFile(lines)) {
                    times.put(folder, Files.getLastModifiedTime(lines).toMillis());
                }
            }
        } catch (IOException e) {
            return List.of(); // as above
        }
        return times.entrySet().stream()
                .sorted(
                        Map.Entry.<Path, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns scores by the ids of the gallery's pictures; other lines are skipped. */
    private static Map<String, Double> scores(Path lines) throws IOException {
        Map<String, Double> scores = new HashMap<>();
        try (BufferedReader in = Files.newBufferedReader(lines, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode row = Json.PLAIN.readTree(line);
                String path = row.path("file").asText();
                String file = path.substring(path.lastIndexOf('/') + 1);
                JsonNode score = row.path("scores").path(METRIC);
                if (file.endsWith(SUFFIX) && score.isNumber()) {
                    String id = file.substring(0, file.length() - SUFFIX.length());
                    if (PictureFiles.isId(id)) {
                        scores.put(id, score.asDouble());
                    }
                }
            }
        }
        return scores;
    }

    private void store(String name, Map<String, Double> scores) {
        jdbi.useTransaction(
                h -> {
                    int added =
                            h.createUpdate(
                                            """
                                            INSERT INTO read_scoring (name) VALUES (:name)
                                            ON CONFLICT (name) DO NOTHING
                                            """)
                                    .bind("name", name)
                                    .execute();
                    if (added == 0 || scores.isEmpty()) {
                        return;
                    }
                    PreparedBatch batch =
                            h.prepareBatch("UPDATE picture SET score = :score WHERE id = :id");
                    scores.forEach((id, score) -> batch.bind("id", id).bind("score", score).add());
                    batch.execute();
                });
    }
}
