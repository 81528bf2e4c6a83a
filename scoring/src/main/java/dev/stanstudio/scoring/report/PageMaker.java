package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.BestAndWorst;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts a scoring into tables, drawings and words. */
final class PageMaker {
    /** Keeps the counts readable on light and dark pages. */
    private static final double DARKEST = 0.6;

    private final Result result;
    private final BestAndWorst extremes;
    private final Thumbnails thumbnails;
    private final HiddenPlaces places;
    private final List<VoteAgreement> agreement;

    PageMaker(Scoring.Outcome outcome, List<PictureList> lists, List<VoteAgreement> agreement) {
        this.agreement = agreement;
        result = outcome.result();
        extremes = outcome.extremes();
        thumbnails = Thumbnails.of(extremes, lists);
        places = HiddenPlaces.of(result);
    }

    Page make() {
        return new Page(
                result.program(),
                result.inputs().stream().map(places::hidden).toList(),
                Reading.of(result),
                facts(),
                result.problems().stream().map(places::hidden).toList(),
                PaperTable.of(result),
                overall(),
                charts(),
                metrics().map(this::byStyle).filter(table -> !table.rows().isEmpty()).toList(),
                DifferenceTable.of(result),
                confusion(),
                shown(),
                extremes.metric(),
                VotedPictures.table(agreement),
                result.definitions(),
                networks());
    }

    private Page.Table networks() {
        List<List<Page.Cell>> rows =
                result.definitions().stream()
                        .map(
                                d ->
                                        Stream.of(
                                                        d.model(),
                                                        d.fingerprint(),
                                                        d.precision(),
                                                        d.network(),
                                                        d.preprocessing())
                                                .map(Page.Cell::of)
                                                .toList())
                        .distinct()
                        .toList();
        return new Page.Table(
                "Networks",
                "",
                List.of("network", "hash of its weights", "type", "architecture", "preprocessing"),
                rows);
    }

    private Stream<String> metrics() {
        return result.definitions().stream().map(Definition::metric);
    }

    private List<String> facts() {
        List<String> facts = new ArrayList<>();
        facts.add(String.format(Locale.ROOT, "%,d pictures", result.pictures()));
        facts.add(
                "sizes: "
                        + new TreeMap<>(result.sizes())
                                .entrySet().stream()
                                        .map(size -> size.getValue() + " of " + size.getKey())
                                        .collect(Collectors.joining(", ")));
        Result.Interval interval = result.interval();
        facts.add(
                "95 %% intervals: %s; drawn is %s; %s replicates, seed %s"
                        .formatted(
                                interval.method(),
                                interval.unit(),
                                interval.replicates(),
                                interval.seed()));
        Result.References references = result.references();
        if (references != null) {
            facts.add(
                    "real pictures: %s, %s styles%s; copies looked for among %s pictures of %s"
                            .formatted(
                                    places.hidden(references.collection()),
                                    references.styles().size(),
                                    ReferenceWords.parts(references),
                                    references.trainingPictures(),
                                    places.hidden(references.training())));
        }
        TreeSet<String> models = new TreeSet<>();
        result.definitions()
                .forEach(
                        d -> models.add(d.model() + " (" + d.fingerprint().substring(0, 12) + ")"));
        facts.add("networks: " + String.join(", ", models));
        return facts;
    }

    private Page.Table overall() {
        List<String> methods = result.methods();
        List<List<Page.Cell>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("metric", "mean over"));
        methods.forEach(method -> head.add(MethodNames.shown(method)));
        List<SameMetric> same = SameMetric.all(result);
        metrics()
                .filter(metric -> same.stream().noneMatch(s -> s.key().equals(metric)))
                .forEach(
                        metric -> {
                            for (String over : List.of("pictures", "styles")) {
                                addOverall(rows, metric, over, methods);
                            }
                        });
        return new Page.Table(
                "All pictures",
                "Over styles every style counts the same. Larger is not always better: see the"
                        + " definitions. "
                        + same.stream().map(s -> s.words() + ". ").collect(Collectors.joining()),
                head,
                rows);
    }

    private void addOverall(
            List<List<Page.Cell>> rows, String metric, String over, List<String> methods) {
        List<Page.Cell> row = new ArrayList<>(List.of(Page.Cell.of(metric), Page.Cell.of(over)));
        List<Page.Cell> places =
                new ArrayList<>(List.of(Page.Cell.of(metric + ", position"), Page.Cell.of(over)));
        boolean any = false;
        boolean placed = false;
        for (String method : methods) {
            Result.Mean mean = overall(metric, method, over);
            any |= mean != null;
            placed |= mean != null && mean.place() != null;
            row.add(ScoreFormat.cell(mean == null ? null : mean.estimate()));
            places.add(place(mean));
        }
        if (any) {
            rows.add(row);
        }
        if (placed) {
            rows.add(places);
        }
    }

    private Result.@Nullable Mean overall(String metric, String method, String over) {
        return result.numbers().stream()
                .filter(n -> n.style() == null && n.over().equals(over))
                .filter(n -> n.metric().equals(metric) && n.method().equals(method))
                .findFirst()
                .orElse(null);
    }

    /** Returns a position with its interval; without one in results of earlier versions. */
    private static Page.Cell place(Result.@Nullable Mean mean) {
        return mean != null && mean.place() != null
                ? ScoreFormat.cell(mean.place())
                : Page.Cell.of(ScoreFormat.number(mean == null ? null : mean.position()));
    }

    private List<Page.Chart> charts() {
        List<Page.Chart> charts = new ArrayList<>();
        metrics()
                .filter(metric -> metric.equals("clip_t") || metric.endsWith("_style"))
                .forEach(
                        metric -> {
                            Page.Chart chart = StyleChart.of(result, metric);
                            if (chart != null) {
                                charts.add(chart);
                            }
                        });
        return charts;
    }

    private Page.Table byStyle(String metric) {
        List<String> methods = result.methods();
        boolean scaled =
                result.numbers().stream()
                        .anyMatch(m -> m.metric().equals(metric) && m.ceiling() != null);
        List<String> head = new ArrayList<>(List.of("style"));
        if (scaled) {
            head.addAll(List.of("floor: real, other styles", "ceiling: real, same style"));
        }
        for (String method : methods) {
            head.add(MethodNames.shown(method));
            if (scaled) {
                head.add("position");
            }
        }
        List<List<Page.Cell>> rows = new ArrayList<>();
        for (String style : result.styles()) {
            List<Page.Cell> row = new ArrayList<>(List.of(Page.Cell.of(style)));
            List<Result.Mean> means = new ArrayList<>();
            for (String method : methods) {
                Result.Mean mean = result.number(metric, method, style);
                if (mean != null) {
                    means.add(mean);
                }
            }
            if (means.isEmpty()) {
                continue;
            }
            if (scaled) {
                row.add(ScoreFormat.cell(means.get(0).floor()));
                row.add(ScoreFormat.cell(means.get(0).ceiling()));
            }
            for (String method : methods) {
                Result.Mean mean = result.number(metric, method, style);
                row.add(ScoreFormat.cell(mean == null ? null : mean.estimate()));
                if (scaled) {
                    row.add(place(mean));
                }
            }
            rows.add(row);
        }
        return new Page.Table(metric, "", head, rows);
    }

    private List<Page.Matrix> confusion() {
        Map<String, Map<String, Map<String, Long>>> counts = new TreeMap<>();
        TreeSet<String> seen = new TreeSet<>();
        for (Result.Confusion c : result.confusion()) {
            seen.add(c.seen());
            counts.computeIfAbsent(c.method(), m -> new TreeMap<>())
                    .computeIfAbsent(c.wanted(), w -> new TreeMap<>())
                    .put(c.seen(), c.count());
        }
        List<Page.Matrix> matrices = new ArrayList<>();
        List<String> columns = List.copyOf(seen);
        counts.forEach(
                (method, wanted) -> {
                    List<Page.MatrixRow> rows = new ArrayList<>();
                    wanted.forEach((style, row) -> rows.add(row(style, row, columns)));
                    matrices.add(new Page.Matrix(MethodNames.shown(method), columns, rows));
                });
        return matrices;
    }

    private static Page.MatrixRow row(
            String wanted, Map<String, Long> counts, List<String> columns) {
        double total = counts.values().stream().mapToLong(Long::longValue).sum();
        List<Page.MatrixCell> cells = new ArrayList<>();
        for (String column : columns) {
            long count = counts.getOrDefault(column, 0L);
            boolean right = column.equals(wanted);
            String colour =
                    String.format(
                            Locale.ROOT,
                            right ? "rgba(43,108,176,%.2f)" : "rgba(201,114,43,%.2f)",
                            DARKEST * count / total);
            cells.add(new Page.MatrixCell(count == 0 ? "" : "" + count, colour, right));
        }
        return new Page.MatrixRow(wanted, cells);
    }

    private List<Page.Shown> shown() {
        List<Page.Shown> shown = new ArrayList<>();
        for (String style : extremes.styles()) {
            shown.add(
                    new Page.Shown(
                            style.isEmpty() ? "no style" : style,
                            extremes.best(style).stream().map(this::picture).toList(),
                            extremes.worst(style).stream().map(this::picture).toList()));
        }
        return shown;
    }

    private Page.Picture picture(BestAndWorst.Shown one) {
        var listed = one.picture().listed();
        String prompt = listed.prompt() == null ? "" : listed.prompt() + " — ";
        return new Page.Picture(
                thumbnails.uri(one),
                MethodNames.shown(listed.method()) + " " + ScoreFormat.number(one.value()),
                prompt + places.hidden(listed.file()));
    }
}
