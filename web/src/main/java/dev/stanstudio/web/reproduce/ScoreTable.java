package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.score.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the means of a scoring, a row per method, and the differences between methods. */
record ScoreTable(Plan plan) {
    /** The metrics of nearness to a style, the one that tells styles apart best first. */
    static final List<String> STYLE_METRICS =
            List.of("csd_style", "dinov2_style", "dino_style", "clip_i_style");

    /** Returns the table as Markdown; empty where nothing was scored. */
    String text() {
        Path file = plan.scores().resolve(ResultJson.FILE);
        if (!Files.exists(file)) {
            return "";
        }
        try {
            JsonNode result = Json.PLAIN.readTree(file.toFile());
            return ("## Table 6: scores\n\n"
                            + "Means over %s pictures with 95 %% intervals (%s over %s). %s"
                            + " Everything else, by style and with the models' hashes, is in"
                            + " scores/report.html and scores/summary.json.\n\n"
                            + "%s%s%s")
                    .formatted(
                            result.path("pictures").asLong(),
                            result.path("interval").path("method").asText(),
                            result.path("interval").path("unit").asText(),
                            unit(),
                            means(result.path("numbers")),
                            positions(result.path("numbers")),
                            differences(result.path("differences")));
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** Returns a sentence about the trainings behind the numbers. */
    private String unit() {
        int trainings = plan.experiment().seeds().size();
        return trainings == 1
                ? "One training of each method: intervals and p speak of these trainings only."
                : ("%d trainings of each method with the same noises: the training is the unit of"
                                + " intervals and p.")
                        .formatted(trainings);
    }

    private static boolean ofAll(JsonNode node) {
        return !node.hasNonNull("style") && node.path("over").asText("pictures").equals("pictures");
    }

    private static String means(JsonNode numbers) {
        List<String> metrics = new ArrayList<>();
        Map<String, Map<String, String>> byMethod = new LinkedHashMap<>();
        for (JsonNode mean : numbers) {
            if (ofAll(mean)) {
                String metric = mean.path("metric").asText();
                if (!metrics.contains(metric)) {
                    metrics.add(metric);
                }
                byMethod.computeIfAbsent(
                                mean.path("method").asText(), method -> new LinkedHashMap<>())
                        .put(metric, estimate(mean));
            }
        }
        List<String> head = new ArrayList<>(List.of("method"));
        head.addAll(metrics);
        List<List<String>> rows = new ArrayList<>();
        byMethod.forEach(
                (method, values) -> {
                    List<String> row = new ArrayList<>(List.of(MethodNames.shown(method)));
                    metrics.forEach(metric -> row.add(values.getOrDefault(metric, "–")));
                    rows.add(row);
                });
        return Markdown.table(head, rows);
    }

    private static String positions(JsonNode numbers) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode mean : numbers) {
            JsonNode place = mean.path("place");
            if (!mean.hasNonNull("style") && place.isObject()) {
                rows.add(
                        List.of(
                                mean.path("metric").asText(),
                                MethodNames.shown(mean.path("method").asText()),
                                estimate(place),
                                trainings(mean)));
            }
        }
        return rows.isEmpty()
                ? ""
                : "Position between real pictures of other styles (0) and of the style (1), mean"
                        + " over the styles.\n\n"
                        + Markdown.table(
                                List.of("metric", "method", "position", "trainings"), rows);
    }

    private static String differences(JsonNode differences) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode difference : differences) {
            if (ofAll(difference)) {
                rows.add(
                        List.of(
                                difference.path("metric").asText(),
                                MethodNames.shown(difference.path("method").asText())
                                        + " − "
                                        + MethodNames.shown(difference.path("than").asText()),
                                estimate(difference),
                                difference.path("n").asText(),
                                trainings(difference),
                                p(difference.path("p"))));
            }
        }
        return rows.isEmpty()
                ? ""
                : Markdown.table(
                        List.of("metric", "methods", "difference", "pairs", "trainings", "p"),
                        rows);
    }

    private static String trainings(JsonNode number) {
        return number.path("trainings").path("count").asText("–");
    }

    private static String p(JsonNode p) {
        if (!p.isNumber()) {
            return "–";
        }
        return p.asDouble() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p.asDouble());
    }

    private static String estimate(JsonNode node) {
        return String.format(
                Locale.ROOT,
                "%.4f (%.4f … %.4f)",
                node.path("value").asDouble(),
                node.path("low").asDouble(),
                node.path("high").asDouble());
    }
}
