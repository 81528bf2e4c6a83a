package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.result.StoppingState;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a study's stopping rule is met. It is counted again after a second, and at once
 * when the votes that came through here since then could have met it: a study that is complete
 * takes no further vote. Thread-safe.
 */
final class Completion {
    private static final long KEEP_MILLIS = 1000;

    /** Sequences are looked at after every vote only as long as that takes no time. */
    private static final int SMALL = 5_000;

    private final StudyStore store;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * The answer that was found.
     *
     * @param rows that were there
     * @param missing rows before which the answer cannot be another
     * @param left votes through here after which it is asked for at once
     * @param since votes that came through here since
     */
    private record Known(boolean reached, long at, int rows, int missing, int left, int since) {
        Known with(int votes) {
            return new Known(reached, at, rows, missing, left, votes);
        }

        /** Returns this answer for {@code now}, when there are {@code all} rows. */
        Known again(int all, long now) {
            int fewer = left == Integer.MAX_VALUE ? left : missing - (all - rows);
            return new Known(reached, now, all, missing - (all - rows), fewer, 0);
        }

        boolean holds(long now) {
            return now >= at && now - at <= KEEP_MILLIS && since < left;
        }
    }

    Completion(StudyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Says that a vote was added or taken back. */
    void changed(Study study) {
        known.computeIfPresent(study.id(), (id, last) -> last.with(last.since() + 1));
    }

    boolean reached(Study study) {
        Known last = known.get(study.id());
        long now = clock.millis();
        if (last == null || !last.holds(now)) {
            // Whoever asks meanwhile gets the old answer rather than counting as well.
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

    /** Votes are evaluated only where there may be enough of them. */
    private Known count(Study study, @Nullable Known last) {
        int rows = store.rowCount(study);
        if (last != null && rows >= last.rows() && rows - last.rows() < last.missing()) {
            return last.again(rows, clock.millis());
        }
        StoppingRule rule = study.plan().settings().stop();
        boolean sequence = rule.kind() == StoppingRule.Kind.SEQUENCE;
        if (!sequence && rows < rule.votes()) {
            int missing = rule.votes() - rows;
            return new Known(false, clock.millis(), rows, missing, missing, 0);
        }
        List<VoteRow> all = store.rows(study);
        StoppingState state = Evaluation.state(study, all);
        int left = sequence && all.size() >= SMALL ? Integer.MAX_VALUE : state.missing();
        return new Known(state.complete(), clock.millis(), all.size(), state.missing(), left, 0);
    }
}
