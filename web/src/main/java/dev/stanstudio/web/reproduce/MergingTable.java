package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.ResultJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what merged adapters keep: the mean position between floor and ceiling over the styles of
 * their experts, and over the other styles.
 */
record MergingTable(Plan plan) {
    /** Returns the table as Markdown; empty where nothing was merged or scored. */
    String text() {
        List<Experiment.Method> merged =
                plan.experiment().methods().stream().filter(m -> m.merge() != null).toList();
        Path file = plan.scores().resolve(ResultJson.FILE);
        if (merged.isEmpty() || !Files.exists(file)) {
            return "";
        }
        Result result = ResultJson.read(file);
        return ScoreTable.STYLE_METRICS.stream()
                .filter(metric -> places(result, metric, null).findAny().isPresent())
                .findFirst()
                .map(metric -> text(result, metric, merged))
                .orElse("");
    }

    private String text(Result result, String metric, List<Experiment.Method> merged) {
        List<List<String>> rows = new ArrayList<>();
        for (Experiment.Method method : merged) {
            Set<String> held = styles(method);
            rows.add(
                    List.of(
                            method.name(),
                            String.valueOf(experts(method).size()),
                            mean(result, metric, method.name(), held, true),
                            mean(result, metric, method.name(), held, false),
                            base(result, metric, held, true),
                            base(result, metric, held, false)));
        }
        return ("## Merged adapters\n\nMean position of %s between floor (0) and ceiling (1), with"
                        + " the number of styles: over the styles of the experts that were merged"
                        + " (held in), and over the others (held out).\n\n%s")
                .formatted(
                        metric,
                        Markdown.table(
                                List.of(
                                        "method",
                                        "experts",
                                        "held in",
                                        "held out",
                                        "no adapter, same styles in",
                                        "out"),
                                rows));
    }

    private String base(Result result, String metric, Set<String> held, boolean in) {
        Optional<Experiment.Method> plain =
                plan.experiment().methods().stream().filter(m -> !m.isAdapted()).findFirst();
        return plain.map(method -> mean(result, metric, method.name(), held, in)).orElse("–");
    }

    /** Returns the trained methods in a merge, through merges of merges. */
    private List<Experiment.Method> experts(Experiment.Method method) {
        Merging merge = method.merge();
        return merge == null
                ? List.of(method)
                : merge.of().stream()
                        .flatMap(
                                name ->
                                        experts(plan.experiment().method("merge.of", name))
                                                .stream())
                        .toList();
    }

    private Set<String> styles(Experiment.Method method) {
        Set<String> styles = new LinkedHashSet<>();
        for (Experiment.Method expert : experts(method)) {
            JsonNode named = expert.train() == null ? null : expert.train().get("style");
            if (named != null && named.isArray()) {
                named.forEach(style -> styles.add(StyleNames.canonical(style.asText())));
            } else if (named != null) {
                Stream.of(named.asText().split(","))
                        .forEach(style -> styles.add(StyleNames.canonical(style)));
            }
        }
        return styles;
    }

    private static String mean(
            Result result, String metric, String method, Set<String> held, boolean in) {
        List<Double> places =
                places(result, metric, method)
                        .filter(n -> held.contains(String.valueOf(n.style())) == in)
                        .flatMap(n -> Stream.ofNullable(n.position()))
                        .toList();
        double mean = places.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return places.isEmpty()
                ? "–"
                : String.format(Locale.ROOT, "%.2f (%d)", mean, places.size());
    }

    private static Stream<Result.Mean> places(
            Result result, String metric, @Nullable String method) {
        return result.numbers().stream()
                .filter(n -> n.metric().equals(metric) && n.style() != null)
                .filter(n -> n.position() != null)
                .filter(n -> method == null || n.method().equals(method));
    }
}
