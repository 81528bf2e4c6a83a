package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.List;

/**
 * A vote and what it was about.
 *
 * @param methods in the order of the slots
 * @param choice the slot chosen, from 1; 0 for no difference
 */
record Ballot(
        int rater,
        int position,
        Showing showing,
        int cell,
        List<Integer> methods,
        int choice,
        long millis,
        long at) {
    static Ballot of(StudyPlan plan, VoteRow row) {
        Showing showing = plan.raters().get(row.slot()).get(row.position());
        return new Ballot(
                row.slot(),
                row.position(),
                showing,
                plan.cellOf(showing),
                plan.methodsOf(showing),
                row.choice(),
                row.millis(),
                row.at());
    }

    boolean is(Showing.Role role) {
        return showing.role() == role;
    }

    boolean tie() {
        return choice == VoteRow.TIE;
    }

    /** The method chosen; only of a vote that is no tie. */
    int picked() {
        return methods.get(choice - 1);
    }

    /** What the comparison is, whatever the order. */
    List<Integer> comparison() {
        List<Integer> key = new java.util.ArrayList<>(methods);
        key.sort(null);
        key.add(cell);
        key.add(showing.question());
        return key;
    }
}
