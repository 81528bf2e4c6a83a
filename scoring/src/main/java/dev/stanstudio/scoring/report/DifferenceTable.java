package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;

/** The table of every two methods in every tested metric, with the trainings behind each p. */
final class DifferenceTable {
    /** Below it p stands out. */
    private static final double ALARM = 0.05;

    private DifferenceTable() {}

    static Page.Table of(Result result) {
        List<List<Page.Cell>> rows = new ArrayList<>();
        for (Result.Difference d : result.differences()) {
            Double judged = d.style() == null ? d.p() : d.adjusted();
            rows.add(
                    List.of(
                            Page.Cell.of(d.metric()),
                            Page.Cell.of(
                                    MethodNames.shown(d.method())
                                            + " − "
                                            + MethodNames.shown(d.than())),
                            Page.Cell.of(d.style() == null ? "all" : d.style()),
                            Page.Cell.of(d.trainings() == null ? "" : "" + d.trainings().count()),
                            ScoreFormat.cell(d.estimate()),
                            Page.Cell.of(ScoreFormat.chance(d.p())),
                            new Page.Cell(
                                    d.style() == null ? "" : ScoreFormat.chance(d.adjusted()),
                                    "",
                                    judged != null && judged < ALARM)));
        }
        return new Page.Table(
                "Differences between methods, on pairs of the same style, prompt and seed",
                "p, two-sided: with one training, or none known, Wilcoxon's signed-rank test on"
                        + " pairs, which speaks of this training only; with several, a test whose"
                        + " unit is the training (t, or the bootstrap from 20 trainings on)."
                        + " Adjusted by Holm across the styles of one metric and two methods. –"
                        + " where fewer than 6 pairs differ. "
                        + Reading.INTERVAL_AND_TEST,
                List.of(
                        "metric",
                        "methods",
                        "style",
                        "trainings",
                        "mean difference",
                        "p",
                        "adjusted p"),
                rows);
    }
}
