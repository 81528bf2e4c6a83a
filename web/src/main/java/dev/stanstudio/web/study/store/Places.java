package dev.stanstudio.web.study.store;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.plan.Admission;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Finds a row of the plan for whoever joins: the next that nobody had, else one whose rater gave no
 * answer. That is one who joined some minutes ago, or one of an address that holds many such rows,
 * so that nobody alone can keep the others out. Each method runs in the caller's transaction.
 */
final class Places {
    /** Rows without an answer that one address may hold while others wait. */
    private static final int UNANSWERED_PER_ADDRESS = 3;

    private static final long MINUTE = 60_000;

    private final Database database;
    private final Clock clock;

    Places(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A rater without an answer. */
    private record Idle(
            String id, int slot, String token, String address, String invitation, long joinedAt) {}

    /**
     * The row for somebody with this keyed address.
     *
     * @throws PageException with status 410 when there is none
     */
    int take(Handle handle, Study study, String address, boolean invited) {
        int next =
                handle.createQuery(
                                "SELECT COALESCE(MAX(slot) + 1, 0) FROM rater WHERE study_id = ?")
                        .bind(0, study.id())
                        .mapTo(Integer.class)
                        .one();
        int kept = invited ? 0 : unusedInvitations(handle, study.id());
        if (next + kept < study.plan().raters().size()) {
            return next;
        }
        Idle idle =
                replaceable(handle, study, address, invited)
                        .orElseThrow(
                                () ->
                                        new PageException(
                                                410,
                                                "this study has all the voters it planned for;"
                                                        + " thank you"));
        free(handle, study, idle);
        return idle.slot();
    }

    static int unusedInvitations(Handle handle, String study) {
        return handle.createQuery(
                        "SELECT COUNT(*) FROM study_invitation WHERE study_id = ? AND rater_id IS"
                                + " NULL")
                .bind(0, study)
                .mapTo(Integer.class)
                .one();
    }

    private Optional<Idle> replaceable(
            Handle handle, Study study, String address, boolean invited) {
        Admission rules = study.plan().settings().admitted();
        long before = clock.millis() - rules.idleMinutes() * MINUTE;
        List<Idle> idle = idle(handle, study);
        Map<String, Integer> held = new HashMap<>();
        idle.forEach(one -> held.merge(one.address(), 1, Integer::sum));
        return idle.stream()
                // An invitation's place is its own: only another one may take it.
                .filter(one -> invited || one.invitation().isEmpty())
                .filter(
                        one ->
                                one.joinedAt() <= before
                                        || (!one.address().isEmpty()
                                                && !one.address().equals(address)
                                                && held.getOrDefault(one.address(), 0)
                                                        > UNANSWERED_PER_ADDRESS))
                .findFirst();
    }

    private static List<Idle> idle(Handle handle, Study study) {
        return handle.createQuery(
                        """
                        SELECT r.id, r.slot, r.token_hash, r.address_hash, r.invitation, r.joined_at
                        FROM rater r WHERE r.study_id = ?
                        AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.rater_id = r.id)
                        ORDER BY r.joined_at, r.slot
                        """)
                .bind(0, study.id())
                .map(
                        (rs, ctx) ->
                                new Idle(
                                        rs.getString(1),
                                        rs.getInt(2),
                                        rs.getString(3),
                                        rs.getString(4),
                                        rs.getString(5),
                                        rs.getLong(6)))
                .list();
    }

    private void free(Handle handle, Study study, Idle idle) {
        // Held until the end of the transaction, so that no vote can come in between.
        handle.createQuery("SELECT id FROM rater WHERE id = ?" + database.dialect().forUpdate())
                .bind(0, idle.id())
                .mapTo(String.class)
                .findOne();
        int votes =
                handle.createQuery("SELECT COUNT(*) FROM vote WHERE rater_id = ?")
                        .bind(0, idle.id())
                        .mapTo(Integer.class)
                        .one();
        int freed =
                votes > 0
                        ? 0
                        : handle.createUpdate("DELETE FROM rater WHERE id = ?")
                                .bind(0, idle.id())
                                .execute();
        if (freed == 0) {
            throw new PlaceTakenException();
        }
        handle.createUpdate("UPDATE study_invitation SET rater_id = NULL WHERE rater_id = ?")
                .bind(0, idle.id())
                .execute();
        handle.createUpdate(
                        "INSERT INTO freed_rater (token_hash, study_id, invitation, freed_at)"
                                + " VALUES (?, ?, ?, ?)")
                .bind(0, idle.token())
                .bind(1, study.id())
                .bind(2, idle.invitation())
                .bind(3, clock.millis())
                .execute();
    }

    /** Another was faster. */
    static final class PlaceTakenException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
