package dev.stanstudio.web.scores;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.score.ResultJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * The results of a scoring, read from its {@code summary.json}.
 *
 * @param pictures how many were scored
 * @param interval how the intervals were made
 * @param metrics each metric over all pictures
 * @param styles names of the styles
 * @param numbers every mean, by metric, method and style
 */
public record ScoreView(
        long pictures,
        String interval,
        List<Metric> metrics,
        List<String> styles,
        List<Mean> numbers) {
    /** The text for a missing number. */
    static final String NOTHING = "–";

    /**
     * A mean with its interval.
     *
     * @param style empty for all pictures
     * @param low lower end; NaN where the data do not allow one
     */
    public record Mean(
            String metric,
            String method,
            String style,
            String over,
            double value,
            long n,
            double low,
            double high) {
        /** Formats the mean, as {@code 0.312 [0.301, 0.322]}. */
        public String text() {
            return Double.isNaN(low)
                    ? number(value)
                    : number(value) + " [" + number(low) + ", " + number(high) + "]";
        }
    }

    /**
     * A metric over all pictures of each method.
     *
     * @param better larger, smaller or neither
     * @param means the largest first, or the smallest where that is better
     * @param differences between methods, on pairs
     */
    public record Metric(
            String name,
            String formula,
            String model,
            String better,
            List<Mean> means,
            List<Difference> differences) {
        /** Returns the direction in words. */
        public String direction() {
            return switch (better) {
                case "larger" -> "larger is better";
                case "smaller" -> "smaller is better";
                default -> "neither is better";
            };
        }
    }

    /** The difference between two methods. */
    public record Difference(String method, String than, Mean number, @Nullable Double p) {
        /** Formats the p-value, as {@code 0.034} or {@code < 0.001}. */
        public String significance() {
            return p == null ? "–" : p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
        }
    }

    /** Formats a number with four significant digits. */
    public static String number(double value) {
        double size = Math.abs(value);
        int digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 || size == 0 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /**
     * Reads the summary in {@code folder}.
     *
     * @throws UserException if there is none or it is damaged
     */
    static ScoreView read(Path folder) {
        Path file = folder.resolve(ResultJson.FILE);
        try {
            return of(Json.PLAIN.readTree(file.toFile()));
        } catch (IOException e) {
            throw new UserException("cannot read " + file + ": " + AtomicFile.reason(e), e);
        }
    }

    private static ScoreView of(JsonNode root) {
        List<Mean> numbers = new ArrayList<>();
        root.path("numbers").forEach(node -> numbers.add(number(node)));
        Set<String> styles = new LinkedHashSet<>();
        numbers.stream().map(Mean::style).filter(s -> !s.isEmpty()).sorted().forEach(styles::add);
        List<Metric> metrics = new ArrayList<>();
        for (JsonNode definition : root.path("definitions")) {
            List<Mean> own =
                    numbers.stream()
                            .filter(n -> n.metric().equals(definition.path("metric").asText()))
                            .filter(n -> n.style().isEmpty())
                            .toList();
            if (!own.isEmpty()) {
                metrics.add(metric(definition, own, root.path("differences")));
            }
        }
        JsonNode interval = root.path("interval");
        return new ScoreView(
                root.path("pictures").asLong(),
                String.format(
                        Locale.ROOT,
                        "%.0f %% by %s over %s, %d resamples",
                        100 * interval.path("confidence").asDouble(),
                        interval.path("method").asText(),
                        interval.path("unit").asText(),
                        interval.path("replicates").asInt()),
                metrics,
                List.copyOf(styles),
                numbers);
    }

    private static Mean number(JsonNode node) {
        return new Mean(
                node.path("metric").asText(),
                node.path("method").asText(),
                node.path("style").asText(""),
                node.path("over").asText("pictures"),
                node.path("value").asDouble(),
                node.path("n").asLong(),
                node.path("low").asDouble(Double.NaN),
                node.path("high").asDouble(Double.NaN));
    }

    private static Metric metric(JsonNode definition, List<Mean> all, JsonNode differences) {
        // Over pictures where there is such a mean; some metrics exist over styles alone.
        Map<String, Mean> byMethod = new LinkedHashMap<>();
        all.forEach(
                n -> byMethod.merge(n.method(), n, (a, b) -> a.over().equals("pictures") ? a : b));
        String better = definition.path("better").asText();
        Comparator<Mean> order = Comparator.comparingDouble(Mean::value);
        List<Mean> means =
                byMethod.values().stream()
                        .sorted(better.equals("smaller") ? order : order.reversed())
                        .toList();
        String name = definition.path("metric").asText();
        return new Metric(
                name,
                definition.path("formula").asText(),
                definition.path("model").asText(),
                better,
                means,
                differences(name, differences));
    }

    private static List<Difference> differences(String metric, JsonNode all) {
        List<Difference> own = new ArrayList<>();
        for (JsonNode node : all) {
            if (node.path("metric").asText().equals(metric) && !node.hasNonNull("style")) {
                own.add(
                        new Difference(
                                node.path("method").asText(),
                                node.path("than").asText(),
                                number(node),
                                node.hasNonNull("p") ? node.path("p").asDouble() : null));
            }
        }
        return own;
    }

    /** Returns the methods, in their order in the summary. */
    public List<String> methods() {
        return numbers.stream().map(Mean::method).distinct().toList();
    }

    /** Returns a mean as text; a dash if there is none. */
    public String cell(String metric, String method, String style) {
        return numbers.stream()
                .filter(n -> n.metric().equals(metric) && n.method().equals(method))
                .filter(n -> n.style().equals(style))
                .findFirst()
                .map(Mean::text)
                .orElse(NOTHING);
    }

    /** Returns every mean as CSV. */
    String csv() {
        StringWriter out = new StringWriter();
        CSVFormat format =
                CSVFormat.RFC4180
                        .builder()
                        .setHeader("metric", "method", "style", "over", "value", "n", "low", "high")
                        .get();
        try (CSVPrinter csv = new CSVPrinter(out, format)) {
            for (Mean n : numbers) {
                csv.printRecord(
                        CsvText.text(n.metric()),
                        CsvText.text(n.method()),
                        CsvText.text(n.style()),
                        CsvText.text(n.over()),
                        n.value(),
                        n.n(),
                        Double.isNaN(n.low()) ? "" : n.low(),
                        Double.isNaN(n.high()) ? "" : n.high());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }
}
