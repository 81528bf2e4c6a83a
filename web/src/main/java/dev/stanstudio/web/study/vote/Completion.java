package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
     * @param left votes without which the rule cannot be met
     * @param since votes that came since
     */
    private record Known(boolean reached, long at, int left, int since) {
        Known with(int votes) {
            return new Known(reached, at, left, votes);
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
                    new Known(last != null && last.reached(), now, Integer.MAX_VALUE, 0));
            Known counted = count(study);
            last =
                    known.compute(
                            study.id(),
                            (id, meanwhile) ->
                                    counted.with(meanwhile == null ? 0 : meanwhile.since()));
        }
        return last.reached();
    }

    /** Votes are evaluated only where there may be enough of them. */
    private Known count(Study study) {
        StoppingRule rule = study.plan().settings().stop();
        int rows = store.rowCount(study);
        boolean sequence = rule.kind() == StoppingRule.Kind.SEQUENCE;
        boolean reached =
                (sequence || rows >= rule.votes()) && Evaluation.complete(study, store.rows(study));
        int left = sequence ? (rows < SMALL ? 1 : Integer.MAX_VALUE) : rule.votes() - rows;
        return new Known(reached, clock.millis(), Math.max(1, left), 0);
    }
}
