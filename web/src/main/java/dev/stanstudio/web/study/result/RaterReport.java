package dev.stanstudio.web.study.result;

import java.util.List;

/**
 * How one rater voted.
 *
 * @param checksPassed of {@code checks} answered
 * @param repeatsAlike of {@code repeats} answered
 * @param leftChosen how often the first slot was chosen, of {@code decisive} votes
 * @param reasons why the rater's votes are left out; empty when they count
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
        long medianMillis,
        List<String> reasons) {
    /** Copies the list. */
    public RaterReport {
        reasons = List.copyOf(reasons);
    }

    /** Whether the votes count. */
    public boolean counts() {
        return reasons.isEmpty();
    }
}
