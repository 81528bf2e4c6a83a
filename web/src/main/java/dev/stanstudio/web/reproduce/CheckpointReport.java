package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes how saved states compare: {@code checkpoints.json}, {@code checkpoints.svg} and {@code
 * report.md}.
 *
 * @param states that were drawn, the earliest first
 * @param choice of the rule
 */
record CheckpointReport(Result result, List<State> states, CheckpointChoice choice) {
    /** Name of the file for programs. */
    static final String FILE = "checkpoints.json";

    /** Name of the file for people. */
    static final String TEXT = "report.md";

    private static final String CHART = "checkpoints.svg";

    private static final String RULE =
            "the earliest state whose paired 95 % interval (the best state less it, over prompts"
                    + " and noises) does not lie above 0";

    /**
     * A state that was drawn.
     *
     * @param step after which it was saved
     * @param column of the grid
     * @param path of the adapter
     */
    record State(long step, String column, String path) {}

    /**
     * A state's numbers.
     *
     * @param place between other styles (0) and the style (1), mean over styles
     * @param toBest the state less the best one; null of the best itself
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            long step,
            String path,
            @Nullable Estimate score,
            @Nullable Estimate place,
            @Nullable Estimate toBest,
            @Nullable Estimate followsPrompt,
            @Nullable Estimate contentKept,
            @Nullable Estimate drift,
            @Nullable Estimate nearestTraining) {}

    /** The content of {@value #FILE}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Document(
            String rule,
            String metric,
            long bestStep,
            long chosenStep,
            String chosenPath,
            boolean betterThanModelAlone,
            @Nullable Estimate overModelAlone,
            @Nullable Double adjustedP,
            List<Row> states) {}

    CheckpointReport {
        states = List.copyOf(states);
    }

    /** Returns the state that the rule names. */
    State chosen() {
        return state(choice.chosen());
    }

    private State state(String column) {
        return states.stream().filter(s -> s.column().equals(column)).findFirst().orElseThrow();
    }

    /** Writes the three files into {@code folder}. */
    void write(Path folder) {
        write(folder.resolve(FILE), Json.pretty(Json.SNAKE_CASE, document()) + "\n");
        write(folder.resolve(CHART), new CheckpointChart(choice.metric(), scores()).svg());
        write(folder.resolve(TEXT), text());
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Document document() {
        return new Document(
                RULE,
                choice.metric(),
                state(choice.best()).step(),
                chosen().step(),
                chosen().path(),
                choice.isBetterThanNone(),
                choice.overNone(),
                choice.p(),
                states.stream().map(this::row).toList());
    }

    private Row row(State state) {
        Result.Mean score = result.number(choice.metric(), state.column(), null);
        return new Row(
                state.step(),
                state.path(),
                score == null ? null : score.estimate(),
                score == null ? null : place(state),
                toBest(state),
                number(state, "clip_t"),
                number(state, "content_kept"),
                number(state, "drift"),
                number(state, "nearest_training"));
    }

    private @Nullable Estimate place(State state) {
        return result.numbers().stream()
                .filter(mean -> mean.metric().equals(choice.metric()) && mean.style() == null)
                .filter(mean -> mean.method().equals(state.column()) && mean.place() != null)
                .map(Result.Mean::place)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Estimate toBest(State state) {
        Result.Difference gap = result.difference(choice.metric(), state.column(), choice.best());
        return gap == null ? null : gap.estimate();
    }

    private @Nullable Estimate number(State state, String metric) {
        Result.Mean mean = result.number(metric, state.column(), null);
        return mean == null ? null : mean.estimate();
    }

    private List<CheckpointChart.Point> scores() {
        List<CheckpointChart.Point> points = new ArrayList<>();
        for (State state : states) {
            Result.Mean mean = result.number(choice.metric(), state.column(), null);
            if (mean != null) {
                boolean taken = state.column().equals(choice.chosen());
                points.add(new CheckpointChart.Point(state.step(), mean.estimate(), taken));
            }
        }
        return points;
    }

    private String text() {
        List<List<String>> rows = new ArrayList<>();
        for (State state : states) {
            Row row = row(state);
            rows.add(
                    List.of(
                            row.step() + mark(state),
                            Markdown.estimate(row.score()),
                            Markdown.estimate(row.place()),
                            Markdown.estimate(row.toBest()),
                            Markdown.estimate(row.followsPrompt()),
                            Markdown.estimate(row.contentKept()),
                            Markdown.estimate(row.drift()),
                            Markdown.estimate(row.nearestTraining())));
        }
        return """
        # Saved states

        %s

        Rule, fixed before the pictures were drawn: %s.

        ![%s by step, with 95 %% intervals](%s)

        %sIntervals are of 95 %%, over the prompts and noises of this one training. The state was
        chosen on these pictures: its number here is flattered; compare it with other methods on
        other prompts. All numbers: [scores/report.html](scores/report.html).
        """
                .formatted(
                        verdict(),
                        RULE,
                        choice.metric(),
                        CHART,
                        Markdown.table(
                                List.of(
                                        "step",
                                        choice.metric(),
                                        "position",
                                        "less the best",
                                        "clip_t",
                                        "content kept",
                                        "drift",
                                        "nearest training"),
                                rows));
    }

    /** Returns what the rule says, in one sentence. */
    String verdict() {
        long best = state(choice.best()).step();
        String found =
                choice.chosen().equals(choice.best())
                        ? "Step %s is the best by %s, and no earlier one is as good."
                                .formatted(best, choice.metric())
                        : "Step %s is the earliest that is not worse than step %s, the best by %s."
                                .formatted(chosen().step(), best, choice.metric());
        return choice.isBetterThanNone()
                ? found
                : found + " It is not shown to be better than the model without adapter.";
    }

    private String mark(State state) {
        return state.column().equals(choice.chosen()) ? " **(chosen)**" : "";
    }
}
