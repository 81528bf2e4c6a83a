package dev.stanstudio.web.study.result;

import java.util.List;

/**
 * Counts of one rater's answers.
 *
 * @param checksPassed of {@code checks} answered
 * @param repeatsAlike of {@code repeats} answered
 * @param leftChosen votes for the first slot, of {@code decisive} ones
 * @param medianMillis median viewing time of the votes in milliseconds; NaN where none is known
 * @param reasons reasons for leaving the votes out; empty if they count
 */
public record RaterReport(
        String name,
        int slot,
        int votes,
        int checksPassed,
        int checks,
        int repeatsAlike,
        int repeats,
        int leftChosen,
        int decisive,
        double medianMillis,
        List<String> reasons) {
    /** Copies the list. */
    public RaterReport {
        reasons = List.copyOf(reasons);
    }

    /** Returns whether the votes count. */
    public boolean counts() {
        return reasons.isEmpty();
    }
}
