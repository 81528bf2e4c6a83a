package dev.stanstudio.web.study.store;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.home.Database;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Deletes what is stored about raters who withdraw while their study is open; a locked study's
 * result is fixed. Thread-safe.
 */
final class Withdrawals {
    private static final String OPEN_STUDY =
            """
            SELECT id FROM study WHERE id = :study AND locked_at IS NULL
            """;

    private static final String TOKEN_HASH =
            """
            SELECT token_hash FROM rater WHERE id = :rater AND study_id = :study
            """;

    private static final String DELETE_VOTES =
            """
            DELETE FROM vote WHERE rater_id = :rater
            """;

    private static final String DELETE_RATER =
            """
            DELETE FROM rater WHERE id = :rater
            """;

    /** An invitation stays used, but by nobody who is known. */
    private static final String DETACH_INVITATION =
            """
            UPDATE study_invitation SET rater_id = '' WHERE rater_id = :rater
            """;

    private static final String REMEMBER =
            """
            INSERT INTO withdrawn_rater (rater_id, study_id, token_hash, withdrawn_at)
            VALUES (:rater, :study, :token, :now)
            """;

    private static final String WITHDRAWN =
            """
            SELECT COUNT(*) FROM withdrawn_rater WHERE rater_id = :rater AND study_id = :study
            """;

    private static final String WITHDRAWN_TOKEN =
            """
            SELECT COUNT(*) FROM withdrawn_rater WHERE token_hash = :token AND study_id = :study
            """;

    private static final String COUNT =
            """
            SELECT COUNT(*) FROM withdrawn_rater WHERE study_id = :study
            """;

    private final Database database;
    private final Clock clock;

    Withdrawals(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** See {@link StudyStore#withdrawal}. */
    Withdrawal state(Study study, String rater) {
        return database.jdbi()
                .withHandle(
                        handle -> {
                            if (exists(handle, WITHDRAWN, "rater", rater, study)) {
                                return Withdrawal.DONE;
                            }
                            if (tokenHash(handle, study, rater, "").isEmpty()) {
                                return Withdrawal.UNKNOWN;
                            }
                            return study.locked() ? Withdrawal.CLOSED : Withdrawal.POSSIBLE;
                        });
    }

    /** Deletes the rater and returns the hash of the token; empty if there was nothing to do. */
    Optional<String> withdraw(Study study, String rater) {
        return database.jdbi().inTransaction(handle -> delete(handle, study, rater));
    }

    private Optional<String> delete(Handle handle, Study study, String rater) {
        // In the order of VoteWriter: the study may not be locked, nor a vote be added, meanwhile.
        boolean open =
                handle.createQuery(OPEN_STUDY + database.dialect().forShare())
                        .bind("study", study.id())
                        .mapTo(String.class)
                        .findOne()
                        .isPresent();
        Optional<String> token =
                open
                        ? tokenHash(handle, study, rater, database.dialect().forUpdate())
                        : Optional.empty();
        token.ifPresent(hash -> delete(handle, study, rater, hash));
        return token;
    }

    private void delete(Handle handle, Study study, String rater, String token) {
        handle.createUpdate(DELETE_VOTES).bind("rater", rater).execute();
        handle.createUpdate(DELETE_RATER).bind("rater", rater).execute();
        handle.createUpdate(DETACH_INVITATION).bind("rater", rater).execute();
        handle.createUpdate(REMEMBER)
                .bind("rater", rater)
                .bind("study", study.id())
                .bind("token", token)
                .bind("now", clock.millis())
                .execute();
    }

    private static Optional<String> tokenHash(
            Handle handle, Study study, String rater, String lock) {
        return handle.createQuery(TOKEN_HASH + lock)
                .bind("rater", rater)
                .bind("study", study.id())
                .mapTo(String.class)
                .findOne();
    }

    /** See {@link StudyStore#withdrawn}. */
    boolean withdrawn(Study study, String token) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                exists(
                                        handle,
                                        WITHDRAWN_TOKEN,
                                        "token",
                                        Sha256.of(token),
                                        study));
    }

    private static boolean exists(
            Handle handle, String query, String name, String value, Study study) {
        return handle.createQuery(query)
                        .bind(name, value)
                        .bind("study", study.id())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** See {@link StudyStore#withdrawnCount}. */
    int count(Study study) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(COUNT)
                                        .bind("study", study.id())
                                        .mapTo(Integer.class)
                                        .one());
    }
}
