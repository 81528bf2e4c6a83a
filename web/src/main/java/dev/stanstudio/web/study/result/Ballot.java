package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;

/**
 * A vote with its trial.
 *
 * @param seq number of its row in the study
 * @param methods in the order of the slots
 * @param choice the slot chosen, from 1; 0 for no difference
 */
record Ballot(
        long seq,
        int rater,
        int position,
        Trial trial,
        int cell,
        List<Integer> methods,
        int choice,
        long millis,
        long at) {
    static Ballot of(StudyPlan plan, VoteRow row) {
        Trial trial = plan.raters().get(row.slot()).get(row.position());
        return new Ballot(
                row.seq(),
                row.slot(),
                row.position(),
                trial,
                plan.cellOf(trial),
                plan.methodsOf(trial),
                row.choice(),
                row.millis(),
                row.at());
    }

    boolean is(Trial.Role role) {
        return trial.role() == role;
    }

    boolean tie() {
        return choice == VoteRow.TIE;
    }

    boolean shows(int method) {
        return methods.contains(method);
    }

    /** Returns the chosen method of a vote that is no tie. */
    int picked() {
        return methods.get(choice - 1);
    }

    /** Returns whether it decides between the two. */
    boolean decides(int a, int b) {
        return !tie() && (picked() == a || picked() == b) && shows(a) && shows(b);
    }

    /** Returns 1 for {@code first}, 0 for {@code second}, ½ for no difference or a third. */
    double score(int first, int second) {
        return tie() || (picked() != first && picked() != second) ? 0.5 : picked() == first ? 1 : 0;
    }

    /**
     * Returns the answer independently of the order of the slots: the rank of the chosen method
     * among those shown, from 0; their number for no difference.
     */
    int answer() {
        return tie() ? methods.size() : (int) methods.stream().filter(m -> m < picked()).count();
    }

    /** Returns methods, cell and question, independently of the order of the slots. */
    List<Integer> comparison() {
        List<Integer> key = new ArrayList<>(methods);
        key.sort(null);
        key.add(cell);
        key.add(trial.question());
        return key;
    }
}
