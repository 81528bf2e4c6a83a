package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;

/**
 * A vote and what it was about.
 *
 * @param seq its place among all rows of the study
 * @param methods in the order of the slots
 * @param choice the slot chosen, from 1; 0 for no difference
 */
record Ballot(
        long seq,
        int rater,
        int position,
        Trial showing,
        int cell,
        List<Integer> methods,
        int choice,
        long millis,
        long at) {
    static Ballot of(StudyPlan plan, VoteRow row) {
        Trial showing = plan.raters().get(row.slot()).get(row.position());
        return new Ballot(
                row.seq(),
                row.slot(),
                row.position(),
                showing,
                plan.cellOf(showing),
                plan.methodsOf(showing),
                row.choice(),
                row.millis(),
                row.at());
    }

    boolean is(Trial.Role role) {
        return showing.role() == role;
    }

    boolean tie() {
        return choice == VoteRow.TIE;
    }

    boolean shows(int method) {
        return methods.contains(method);
    }

    /** The method chosen; only of a vote that is no tie. */
    int picked() {
        return methods.get(choice - 1);
    }

    /** Returns whether it decides between the two. */
    boolean decides(int a, int b) {
        return !tie() && (picked() == a || picked() == b) && shows(a) && shows(b);
    }

    /** 1 for {@code first}, 0 for {@code second}, ½ for no difference or a third. */
    double score(int first, int second) {
        return tie() || (picked() != first && picked() != second) ? 0.5 : picked() == first ? 1 : 0;
    }

    /**
     * Which answer it is, whatever the order of the slots: the place of the chosen method among
     * those shown, from 0; behind them, no difference.
     */
    int answer() {
        return tie() ? methods.size() : (int) methods.stream().filter(m -> m < picked()).count();
    }

    /** What the comparison is, whatever the order. */
    List<Integer> comparison() {
        List<Integer> key = new ArrayList<>(methods);
        key.sort(null);
        key.add(cell);
        key.add(showing.question());
        return key;
    }
}
