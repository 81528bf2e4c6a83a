package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.Evaluation;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a study's stopping rule is met, looked up at most once a second: votes that come in
 * between are kept, but the evaluation does not count them. Thread-safe.
 */
final class Completion {
    private static final long KEEP_MILLIS = 1000;

    private final StudyStore store;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(boolean reached, long at) {}

    Completion(StudyStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    boolean reached(Study study) {
        Known last = known.get(study.id());
        long now = clock.millis();
        if (last == null || (!last.reached() && now - last.at() > KEEP_MILLIS)) {
            // Whoever asks meanwhile gets the old answer rather than counting as well.
            known.put(study.id(), new Known(last != null && last.reached(), now));
            last = new Known(count(study), clock.millis());
            known.put(study.id(), last);
        }
        return last.reached();
    }

    /** Votes are evaluated only where there may be enough of them. */
    private boolean count(Study study) {
        StoppingRule rule = study.plan().settings().stop();
        boolean possible =
                rule.kind() == StoppingRule.Kind.SEQUENCE || store.rowCount(study) >= rule.votes();
        return possible && Evaluation.complete(study, store.rows(study));
    }
}
