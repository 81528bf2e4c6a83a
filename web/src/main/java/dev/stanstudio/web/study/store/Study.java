package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A study and its plan.
 *
 * @param link what stands in the address that voters are given
 * @param secret the key of everything that is signed for its voters
 * @param lockedAt when it was locked; null while it takes votes
 */
public record Study(
        String id,
        String link,
        String secret,
        StudyPlan plan,
        String planHash,
        Instant createdAt,
        @Nullable Instant lockedAt) {
    /** Whether votes are over and methods may be named. */
    public boolean locked() {
        return lockedAt != null;
    }

    /** The study's title. */
    public String title() {
        return plan.settings().title();
    }
}
