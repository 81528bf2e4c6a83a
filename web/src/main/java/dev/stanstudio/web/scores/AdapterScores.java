package dev.stanstudio.web.scores;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.ManifestRecord;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scores of adapters. A scoring stores the hash of the adapter that each of its methods used;
 * methods with several adapters, weights other than 1, weights of blocks or changed features have
 * none.
 */
public final class AdapterScores {
    private static final String FILE = "adapters.json";
    private static final int MOST_JOBS = 60;
    private static final List<String> SHOWN =
            List.of("clip_i_style", "dino_style", "csd_style", "style_accuracy", "clip_t");

    private AdapterScores() {}

    /**
     * An adapter in a scoring.
     *
     * @param title of the scoring
     * @param address of its page
     * @param numbers mean with interval by metric
     */
    public record Scored(String title, String address, Map<String, String> numbers) {}

    /** Keeps in {@code folder} which adapters the methods of the manifest in {@code input} are. */
    static void note(Path folder, Path input) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        Manifest.read(
                input.resolve(Manifest.FILE),
                new Manifest.Reader() {
                    @Override
                    public void onRecord(long line, ManifestRecord record) {
                        note(hashes, record);
                    }

                    @Override
                    public void onBadLine(long line, String what) {
                        // Scoring names the damaged line.
                    }
                });
        hashes.values().removeIf(String::isEmpty);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(FILE), Json.PLAIN.writeValueAsString(hashes));
    }

    private static void note(Map<String, String> hashes, ManifestRecord record) {
        JsonNode method = record.json().path("method");
        if (method.isValueNode() && !method.isNull()) {
            // One name for two adapters is no adapter's name.
            hashes.merge(method.asText(), hash(record.json()), (a, b) -> a.equals(b) ? a : "");
        }
    }

    private static String hash(JsonNode line) {
        JsonNode uses = line.path("adapters");
        boolean plain =
                uses.size() == 1
                        && line.path("features").isEmpty()
                        && uses.path(0).path("weight").asDouble(1) == 1
                        && uses.path(0).path("blocks").isMissingNode();
        return plain ? uses.path(0).path("sha256").asText("") : "";
    }

    /**
     * Returns the hashes of the adapters of a scoring, shortened, by the method that uses one; none
     * if they were not kept.
     */
    static Map<String, String> hashes(Path folder) {
        Map<String, String> hashes = new TreeMap<>();
        try {
            JsonNode kept = Json.PLAIN.readTree(folder.resolve(FILE).toFile());
            kept.properties()
                    .forEach(
                            entry ->
                                    hashes.put(
                                            entry.getKey(),
                                            AdapterNames.shortHash(entry.getValue().asText())));
        } catch (IOException e) {
            return Map.of(); // a scoring of a grid, or of before
        }
        return hashes;
    }

    /** The newest scores of every adapter, by its hash. */
    public static Map<String, Scored> newest(Jobs jobs) {
        Map<String, Scored> scores = new HashMap<>();
        for (Job job : jobs.newest(JobKind.SCORING, MOST_JOBS)) {
            Path file = job.request().folder().resolve(FILE);
            if (job.state().isDone() && Files.exists(file)) {
                add(scores, job, file);
            }
        }
        return scores;
    }

    private static void add(Map<String, Scored> scores, Job job, Path file) {
        try {
            JsonNode hashes = Json.PLAIN.readTree(file.toFile());
            ScoreView view = ScoreView.read(job.request().folder());
            for (Map.Entry<String, JsonNode> entry : hashes.properties()) {
                scores.computeIfAbsent(
                        entry.getValue().asText(), hash -> scored(job, view, entry.getKey()));
            }
        } catch (IOException | UserException e) {
            // The scoring's own page shows the failure; the other adapters keep their scores.
            return;
        }
    }

    private static Scored scored(Job job, ScoreView view, String method) {
        Map<String, String> numbers = new LinkedHashMap<>();
        for (String metric : SHOWN) {
            String number = view.cell(metric, method, "");
            if (!number.equals(ScoreView.NOTHING)) {
                numbers.put(metric, number);
            }
        }
        return new Scored(job.request().title(), job.request().result(), numbers);
    }
}
