package dev.stanstudio.web.study.store;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Makes links for one use, of which hashes alone are kept. Thread-safe. */
final class Invitations {
    private static final int TOKEN_BYTES = 16;

    private final Jdbi jdbi;
    private final Clock clock;

    Invitations(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** See {@link StudyStore#invite(Study, int, Consumer)}. */
    List<String> make(Study study, int count, Consumer<List<String>> keep) {
        return jdbi.inTransaction(
                handle -> {
                    int left = left(handle, study);
                    if (count < 1 || count > left) {
                        throw new ArgumentException(
                                "%d invitations are not between 1 and %d, the places that study %s"
                                                .formatted(count, left, study.id())
                                        + " has left; plan for more voters (--raters)");
                    }
                    List<String> tokens = new ArrayList<>();
                    PreparedBatch insert =
                            handle.prepareBatch(
                                    "INSERT INTO study_invitation (token_hash, study_id,"
                                            + " created_at) VALUES (?, ?, ?)");
                    for (int i = 0; i < count; i++) {
                        String token =
                                Signer.randomText(TOKEN_BYTES).replace('-', '0').replace('_', '1');
                        tokens.add(token);
                        insert.add(StudyPlan.hash(token), study.id(), clock.millis());
                    }
                    insert.execute();
                    keep.accept(List.copyOf(tokens));
                    return List.copyOf(tokens);
                });
    }

    /** Rows of the plan that no rater has and no invitation will need. */
    private static int left(Handle handle, Study study) {
        int taken =
                handle.createQuery("SELECT COUNT(*) FROM rater WHERE study_id = ?")
                        .bind(0, study.id())
                        .mapTo(Integer.class)
                        .one();
        return Math.max(
                0,
                study.plan().raters().size()
                        - taken
                        - Places.unusedInvitations(handle, study.id()));
    }

    /** See {@link StudyStore#invited}. */
    InvitationCount count(Study study) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT COUNT(*), COUNT(rater_id) FROM study_invitation"
                                                + " WHERE study_id = ?")
                                .bind(0, study.id())
                                .map((rs, ctx) -> new InvitationCount(rs.getInt(1), rs.getInt(2)))
                                .one());
    }
}
