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
 * Counts the votes that a fixed number of votes includes: those of raters who pass the rules about
 * their own answers. Raters are screened only when all votes together would reach the number, and
 * then only those with new answers. Not thread-safe.
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
     * Starts without votes.
     *
     * @param answers ballots of a rater that count, including checks and repeats
     */
    PassingVotes(StudyPlan plan, Counting counting, IntFunction<List<Ballot>> answers) {
        this.plan = plan;
        this.counting = counting;
        this.answers = answers;
    }

    /** Notes that a rater's answers changed, and the number of votes by {@code more}. */
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
            changed.forEach(this::screen);
        }
        changed.clear();
        return passing;
    }

    private void screen(int rater) {
        boolean fails = !passes(rater);
        if (fails ? failing.add(rater) : failing.remove(rater)) {
            int own = votes.getOrDefault(rater, 0);
            passing += fails ? -own : own;
        }
    }

    /**
     * Returns the least number of rows after which there are {@code wanted} votes: a row adds a
     * vote, and may let its rater pass, whose earlier votes count then.
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
