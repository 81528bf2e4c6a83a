package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.StoppingState;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a study's stopping rule is met. The votes are counted again after a second, and
 * at once when the votes since then could have met the rule, since a complete study takes no
 * further vote. Thread-safe.
 */
final class Completion {
    private static final Duration KEEP = Duration.ofSeconds(1);

    /** The most rows after which a sequence is evaluated at every vote. */
    private static final int SMALL = 5_000;

    private final StudyStore store;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * The result of the last count.
     *
     * @param rows rows of the votes then
     * @param missing number of further rows before which the result cannot change
     * @param left number of votes after which the result is void
     * @param since votes since then
     */
    private record Known(boolean reached, Instant at, int rows, int missing, int left, int since) {
        Known with(int votes) {
            return new Known(reached, at, rows, missing, left, votes);
        }

        /** Returns the same result for {@code now} and {@code all} rows. */
        Known again(int all, Instant now) {
            int fewer = left == Integer.MAX_VALUE ? left : missing - (all - rows);
            return new Known(reached, now, all, missing - (all - rows), fewer, 0);
        }

        boolean holds(Instant now) {
            return !now.isBefore(at) && !now.isAfter(at.plus(KEEP)) && since < left;
        }
    }

    Completion(StudyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Notes that a vote was added or taken back. */
    void changed(Study study) {
        known.computeIfPresent(study.id(), (id, last) -> last.with(last.since() + 1));
    }

    /** Notes that votes were deleted, so that the study may be incomplete again. */
    void forget(Study study) {
        known.remove(study.id());
    }

    boolean reached(Study study) {
        Known last = known.get(study.id());
        Instant now = clock.instant();
        if (last == null || !last.holds(now)) {
            // Other threads meanwhile get the old result rather than counting as well.
            known.put(
                    study.id(),
                    new Known(last != null && last.reached(), now, 0, 0, Integer.MAX_VALUE, 0));
            Known counted = count(study, last);
            last =
                    known.compute(
                            study.id(),
                            (id, meanwhile) ->
                                    counted.with(meanwhile == null ? 0 : meanwhile.since()));
        }
        return last.reached();
    }

    /** Evaluates the votes, if there may be enough of them. */
    private Known count(Study study, @Nullable Known last) {
        int rows = store.rowCount(study);
        if (last != null && rows >= last.rows() && rows - last.rows() < last.missing()) {
            return last.again(rows, clock.instant());
        }
        StoppingRule rule = study.plan().settings().stop();
        boolean sequence = rule.kind() == StoppingRule.Kind.SEQUENCE;
        if (!sequence && rows < rule.votes()) {
            int missing = rule.votes() - rows;
            return new Known(false, clock.instant(), rows, missing, missing, 0);
        }
        List<VoteRow> all = store.rows(study);
        StoppingState state = Evaluation.state(study, all);
        int left = sequence && all.size() >= SMALL ? Integer.MAX_VALUE : state.missing();
        return new Known(state.complete(), clock.instant(), all.size(), state.missing(), left, 0);
    }
}
