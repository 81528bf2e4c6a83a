package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A study and its plan.
 *
 * @param link last part of the address for voters
 * @param secret the key of everything that is signed for its voters
 * @param lockedAt time of locking; null while the study takes votes
 */
public record Study(
        String id,
        String link,
        String secret,
        StudyPlan plan,
        String planHash,
        Instant createdAt,
        @Nullable Instant lockedAt) {
    /** Returns whether voting has ended and methods may be named. */
    public boolean locked() {
        return lockedAt != null;
    }

    /** Returns the study's title. */
    public String title() {
        return plan.settings().title();
    }
}
