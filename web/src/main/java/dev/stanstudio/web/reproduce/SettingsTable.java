package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Arranges methods as a table of rows and columns, as the paper's tables 8 and 9 do: losses of
 * their trainings, and each score beside them.
 *
 * @param title above the table
 * @param corner names what rows and columns are
 * @param columns names of the columns
 * @param rows methods by the row's name, one for each column
 * @param styles the style whose scores a row has, by the row's name; others have those of all
 */
record SettingsTable(
        String title,
        String corner,
        List<String> columns,
        Map<String, List<String>> rows,
        @Nullable Map<String, String> styles) {
    private static final int DECIMALS = 4;
    private static final String NONE = "–";

    /** Refuses a table without title, and rows of other lengths than the columns. */
    SettingsTable {
        if (title == null || corner == null || columns == null || rows == null) {
            throw new ArgumentException("a table needs title, corner, columns and rows");
        }
        columns = List.copyOf(columns);
        for (Map.Entry<String, List<String>> row : rows.entrySet()) {
            if (row.getValue().size() != columns.size()) {
                throw new ArgumentException(
                        "row %s of the table %s has %d methods for %d columns"
                                .formatted(
                                        row.getKey(),
                                        title,
                                        row.getValue().size(),
                                        columns.size()));
            }
        }
        rows = new LinkedHashMap<>(rows);
    }

    /** Returns everything as Markdown: a table of losses and one for each score. */
    String text(Plan plan) {
        StringBuilder text = new StringBuilder("## " + title + "\n\n");
        String losses =
                cells((row, method) -> style(row) == null ? loss(plan, method) : Optional.empty());
        if (!losses.isEmpty()) {
            text.append("Smallest validation loss, mean ± standard deviation over the seeds.\n\n");
            text.append(losses);
        }
        JsonNode numbers = numbers(plan);
        for (String metric : metrics(numbers)) {
            text.append("`").append(metric).append("`, mean over the pictures.\n\n");
            text.append(cells((row, method) -> score(numbers, metric, row, method)));
        }
        return text.toString();
    }

    private @Nullable String style(String row) {
        return styles == null ? null : styles.get(row);
    }

    private interface Cell {
        Optional<String> of(String row, String method);
    }

    /** Returns a table; empty where no cell has a number. */
    private String cells(Cell cell) {
        List<String> head = new ArrayList<>(List.of(corner));
        head.addAll(columns);
        List<List<String>> lines = new ArrayList<>();
        boolean any = false;
        for (Map.Entry<String, List<String>> row : rows.entrySet()) {
            List<String> line = new ArrayList<>(List.of(row.getKey()));
            for (String method : row.getValue()) {
                Optional<String> value = cell.of(row.getKey(), method);
                any |= value.isPresent();
                line.add(value.orElse(NONE));
            }
            lines.add(line);
        }
        return any ? Markdown.table(head, lines) : "";
    }

    private static Optional<String> loss(Plan plan, String method) {
        return plan.experiment().methods().stream()
                .filter(own -> own.name().equals(method) && own.isTrained())
                .findFirst()
                .map(plan::trainings)
                .map(runs -> runs.values().stream().map(TrainingResult::read).toList())
                .map(
                        results ->
                                MeanStd.of(
                                        results.stream()
                                                .map(TrainingResult::best)
                                                .filter(best -> !best.isNaN())
                                                .toList()))
                .filter(mean -> mean.count() > 0)
                .map(mean -> mean.text(DECIMALS));
    }

    private Optional<String> score(JsonNode numbers, String metric, String row, String method) {
        String style = style(row);
        for (JsonNode number : numbers) {
            boolean same =
                    number.path("metric").asText().equals(metric)
                            && number.path("method").asText().equals(method)
                            && number.path("over").asText("pictures").equals("pictures");
            String own = number.hasNonNull("style") ? number.path("style").asText() : null;
            if (same && Objects.equals(own, style) && number.path("value").isNumber()) {
                return Optional.of(
                        String.format(Locale.ROOT, "%.4f", number.path("value").asDouble()));
            }
        }
        return Optional.empty();
    }

    private static TreeSet<String> metrics(JsonNode numbers) {
        TreeSet<String> metrics = new TreeSet<>();
        numbers.forEach(number -> metrics.add(number.path("metric").asText()));
        return metrics;
    }

    private static JsonNode numbers(Plan plan) {
        Path file = plan.scores().resolve(ResultJson.FILE);
        if (!Files.exists(file)) {
            return Json.PLAIN.createArrayNode();
        }
        try {
            return Json.PLAIN.readTree(file.toFile()).path("numbers");
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }
}
