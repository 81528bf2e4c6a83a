package dev.stanstudio.web.study.store;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.study.plan.Admission;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * Assigns rows of the plan to raters who join: the first row without a rater, else the row of a
 * rater without an answer. Such a rater loses the row some minutes after joining, or at once if the
 * rater's address holds many such rows, so that one person cannot keep the others out. Each method
 * runs in the caller's transaction.
 */
final class Places {
    /** Rows without an answer that one address may hold while others wait. */
    private static final int UNANSWERED_PER_ADDRESS = 3;

    private static final String TAKEN =
            """
            SELECT COUNT(*) AS raters, COALESCE(MAX(slot) + 1, 0) AS next
            FROM rater WHERE study_id = :study
            """;

    /** The row of a rater who withdrew, or the next one. */
    private static final String FIRST_FREE_SLOT =
            """
            SELECT MIN(free.slot)
            FROM (SELECT 0 AS slot UNION ALL SELECT slot + 1 FROM rater WHERE study_id = :study) free
            WHERE NOT EXISTS (
                SELECT 1 FROM rater r WHERE r.study_id = :study AND r.slot = free.slot)
            """;

    private static final String UNUSED_INVITATIONS =
            """
            SELECT COUNT(*) FROM study_invitation WHERE study_id = :study AND rater_id IS NULL
            """;

    private static final String UNANSWERED =
            """
            SELECT r.id, r.slot, r.token_hash, r.address_hash, r.invitation, r.joined_at
            FROM rater r
            WHERE r.study_id = :study
              AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.rater_id = r.id)
            ORDER BY r.joined_at, r.slot
            """;

    private static final String KEEP = "SELECT id FROM rater WHERE id = :rater";

    private static final String COUNT_VOTES =
            """
            SELECT COUNT(*) FROM vote WHERE rater_id = :rater
            """;

    private static final String DELETE =
            """
            DELETE FROM rater WHERE id = :rater
            """;

    private static final String RELEASE_INVITATION =
            """
            UPDATE study_invitation SET rater_id = NULL WHERE rater_id = :rater
            """;

    private static final String REMEMBER =
            """
            INSERT INTO freed_rater (token_hash, study_id, invitation, freed_at)
            VALUES (:token, :study, :invitation, :now)
            """;

    private final Database database;
    private final Clock clock;

    Places(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Rows with a rater, and the number after the last of them. */
    record Taken(int raters, int next) {}

    /** A rater without an answer; the last component is in milliseconds since 1970. */
    record Unanswered(
            String id,
            int slot,
            String tokenHash,
            String addressHash,
            String invitation,
            long joinedAt) {}

    /**
     * Returns the row for a rater with this keyed address.
     *
     * @throws JoinRefusedException if there is none
     * @throws PlaceTakenException if another transaction was faster
     */
    int take(Handle handle, Study study, String address, boolean invited) {
        Taken taken =
                handle.createQuery(TAKEN)
                        .bind("study", study.id())
                        .map(ConstructorMapper.of(Taken.class))
                        .one();
        int reserved = invited ? 0 : unusedInvitations(handle, study.id());
        if (taken.raters() + reserved < study.plan().raters().size()) {
            return taken.raters() == taken.next() ? taken.next() : firstFree(handle, study);
        }
        Unanswered rater =
                replaceable(handle, study, address, invited)
                        .orElseThrow(
                                () -> new JoinRefusedException(JoinRefusedException.Reason.FULL));
        free(handle, study, rater);
        return rater.slot();
    }

    private static int firstFree(Handle handle, Study study) {
        return handle.createQuery(FIRST_FREE_SLOT)
                .bind("study", study.id())
                .mapTo(Integer.class)
                .one();
    }

    static int unusedInvitations(Handle handle, String study) {
        return handle.createQuery(UNUSED_INVITATIONS)
                .bind("study", study)
                .mapTo(Integer.class)
                .one();
    }

    private Optional<Unanswered> replaceable(
            Handle handle, Study study, String address, boolean invited) {
        Admission rules = study.plan().settings().admitted();
        long now = clock.millis();
        long idle = Duration.ofMinutes(rules.idleMinutes()).toMillis();
        List<Unanswered> raters =
                handle.createQuery(UNANSWERED)
                        .bind("study", study.id())
                        .map(ConstructorMapper.of(Unanswered.class))
                        .list();
        Map<String, Integer> held = new HashMap<>();
        raters.forEach(rater -> held.merge(rater.addressHash(), 1, Integer::sum));
        return raters.stream()
                // The row of an invited rater goes only to another invited rater.
                .filter(rater -> invited || rater.invitation().isEmpty())
                .filter(
                        rater ->
                                // A clock that was set back leaves times far in the future.
                                Math.abs(now - rater.joinedAt()) >= idle
                                        || (!rater.addressHash().isEmpty()
                                                && !rater.addressHash().equals(address)
                                                && held.getOrDefault(rater.addressHash(), 0)
                                                        > UNANSWERED_PER_ADDRESS))
                .findFirst();
    }

    private void free(Handle handle, Study study, Unanswered rater) {
        // Locks the row until the transaction ends, so that no vote is inserted meanwhile.
        handle.createQuery(KEEP + database.dialect().forUpdate())
                .bind("rater", rater.id())
                .mapTo(String.class)
                .findOne();
        int votes =
                handle.createQuery(COUNT_VOTES)
                        .bind("rater", rater.id())
                        .mapTo(Integer.class)
                        .one();
        if (votes > 0 || handle.createUpdate(DELETE).bind("rater", rater.id()).execute() == 0) {
            throw new PlaceTakenException();
        }
        handle.createUpdate(RELEASE_INVITATION).bind("rater", rater.id()).execute();
        Panels.free(handle, rater.id(), rater.tokenHash());
        handle.createUpdate(REMEMBER)
                .bind("token", rater.tokenHash())
                .bind("study", study.id())
                .bind("invitation", rater.invitation())
                .bind("now", clock.millis())
                .execute();
    }

    /** Tells that another transaction took the row. */
    static final class PlaceTakenException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
