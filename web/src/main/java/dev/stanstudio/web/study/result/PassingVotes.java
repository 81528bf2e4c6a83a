package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.StudyPlan;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Counts the votes that bring a study nearer to its number: those that stand, of raters who pass
 * the rules about their own answers. Raters are looked at only when all votes together would do,
 * and then only those with new answers. Not thread-safe.
 */
final class PassingVotes {
    private final StudyPlan plan;
    private final Counting counting;
    private final IntFunction<List<Ballot>> answers;
    private final Map<Integer, Integer> votes = new HashMap<>();
    private final Set<Integer> changed = new HashSet<>();
    private final Set<Integer> failing = new HashSet<>();
    private int all;
    private int passing;

    /**
     * Of nobody yet.
     *
     * @param answers what stands of a rater, checks and repeats too
     */
    PassingVotes(StudyPlan plan, Counting counting, IntFunction<List<Ballot>> answers) {
        this.plan = plan;
        this.counting = counting;
        this.answers = answers;
    }

    /** Says that a rater's answers changed, and their votes by {@code more}. */
    void changed(int rater, int more) {
        votes.merge(rater, more, Integer::sum);
        all += more;
        passing += failing.contains(rater) ? 0 : more;
        changed.add(rater);
    }

    /** Returns whether this rater passes the rules about own answers. */
    boolean passes(int rater) {
        List<Ballot> own = answers.apply(rater);
        return !own.isEmpty() && Screening.passesAlone(plan, own);
    }

    /** Returns whether there are {@code wanted} votes of raters who pass. */
    boolean reach(int wanted) {
        return all >= wanted && count() >= wanted;
    }

    /** Returns the votes of raters who pass. */
    int count() {
        if (counting == Counting.PASSING) {
            changed.forEach(this::look);
        }
        changed.clear();
        return passing;
    }

    private void look(int rater) {
        boolean fails = !passes(rater);
        if (fails ? failing.add(rater) : failing.remove(rater)) {
            int own = votes.getOrDefault(rater, 0);
            passing += fails ? -own : own;
        }
    }

    /**
     * Returns how many rows are missing at least until there are {@code wanted}: one adds a vote,
     * and may let its rater pass, whose earlier votes count with it then.
     */
    int missing(int wanted) {
        if (all < wanted) {
            return wanted - all;
        }
        int reached = count();
        Iterator<Integer> largest =
                failing.stream()
                        .map(rater -> votes.getOrDefault(rater, 0))
                        .sorted(Comparator.reverseOrder())
                        .iterator();
        int rows = 0;
        while (reached < wanted && largest.hasNext()) {
            reached += 1 + largest.next();
            rows++;
        }
        return Math.max(1, rows + Math.max(0, wanted - reached));
    }
}
