package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the studies without its plan, which is large. Times are in milliseconds since 1970.
 *
 * @param lockedAt null while the study takes votes
 */
record StudyRow(
        String id,
        String link,
        String secret,
        String planHash,
        long createdAt,
        @Nullable Long lockedAt) {
    Study study(StudyPlan plan) {
        return new Study(
                id,
                link,
                secret,
                plan,
                planHash,
                Instant.ofEpochMilli(createdAt),
                lockedAt == null ? null : Instant.ofEpochMilli(lockedAt));
    }
}
