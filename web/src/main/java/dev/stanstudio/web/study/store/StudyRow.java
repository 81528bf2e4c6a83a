package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the studies without its plan, which is large.
 *
 * @param lockedAt null while the study takes votes
 */
record StudyRow(
        String id,
        String link,
        String secret,
        String planHash,
        Instant createdAt,
        @Nullable Instant lockedAt) {
    Study study(StudyPlan plan) {
        return new Study(id, link, secret, plan, planHash, createdAt, lockedAt);
    }
}
