package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.Cell;
import dev.stanstudio.web.study.plan.PlannedPicture;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A study without chance: every rater gets one trial of each cell, in which the methods stand in
 * their order, then the checks, in which the first slot is right. Its rows are numbered as they are
 * added.
 */
final class FixedPlan {
    static final long VIEWED_MILLIS = 3000;

    final StudyPlan plan;
    private final List<VoteRow> rows = new ArrayList<>();

    /** The plan for so many votes; cell c has prompt c and the style {@code styles.get(c)}. */
    FixedPlan(List<String> methods, List<String> styles, int raters, int checks, int votes) {
        List<Cell> cells = new ArrayList<>();
        List<PlannedPicture> pictures = new ArrayList<>();
        List<Trial> trials = new ArrayList<>();
        for (int c = 0; c < styles.size(); c++) {
            cells.add(new Cell("prompt " + c, styles.get(c), "0", List.of()));
            for (int m = 0; m < methods.size(); m++) {
                pictures.add(new PlannedPicture(c + "-" + m, c, m, "", "picture"));
            }
            int first = c * methods.size();
            trials.add(
                    new Trial(
                            Trial.Role.VOTE,
                            0,
                            IntStream.range(first, first + methods.size()).boxed().toList(),
                            0));
        }
        for (int check = 0; check < checks; check++) {
            List<Integer> shown = new ArrayList<>(List.of(0));
            for (int slot = 1; slot < methods.size(); slot++) {
                shown.add(pictures.size());
                pictures.add(
                        new PlannedPicture(
                                "s" + check + slot, 0, PlannedPicture.SPOILED, "", "spoiled"));
            }
            trials.add(new Trial(Trial.Role.CHECK, 0, shown, 1));
        }
        StudySettings settings =
                new StudySettings(
                        "Fixed",
                        "",
                        List.of("Which?"),
                        methods.size() == 2
                                ? StudySettings.Arrangement.PAIRS
                                : StudySettings.Arrangement.ALL,
                        true,
                        false,
                        styles.size(),
                        0,
                        checks,
                        0,
                        800,
                        raters,
                        new StoppingRule(StoppingRule.Kind.VOTES, votes, 0.05),
                        0,
                        Admission.DEFAULT);
        List<List<Trial>> all = Collections.nCopies(raters, trials);
        plan = new StudyPlan(1, "", null, settings, methods, cells, pictures, all);
    }

    VoteRow add(int rater, int position, int revision, int choice) {
        long seq = rows.size() + 1L;
        VoteRow row =
                new VoteRow(seq, rater, position, revision, choice, VIEWED_MILLIS, 1000 * seq);
        rows.add(row);
        return row;
    }

    /** Adds one rater's answers to the trials, from the first on. */
    void answer(int rater, int... choices) {
        for (int position = 0; position < choices.length; position++) {
            add(rater, position, 0, choices[position]);
        }
    }

    List<VoteRow> rows() {
        return List.copyOf(rows);
    }

    List<Ballot> ballots() {
        return rows.stream().map(row -> Ballot.of(plan, row)).toList();
    }
}
