package dev.stanstudio.web.study.store;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.server.Signer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Makes links for one use and stores their hashes. Thread-safe. */
final class Invitations {
    private static final int TOKEN_BYTES = 16;

    private static final String INSERT =
            """
            INSERT INTO study_invitation (token_hash, study_id, created_at)
            VALUES (:hash, :study, :now)
            """;

    private static final String COUNT_RATERS =
            """
            SELECT COUNT(*) FROM rater WHERE study_id = :study
            """;

    private static final String COUNT =
            """
            SELECT COUNT(*) AS made, COUNT(rater_id) AS used
            FROM study_invitation
            WHERE study_id = :study
            """;

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
                    requirePlaces(handle, study, count);
                    List<String> tokens = insert(handle, study, count);
                    keep.accept(tokens);
                    return tokens;
                });
    }

    private static void requirePlaces(Handle handle, Study study, int count) {
        int free = free(handle, study);
        if (count < 1 || count > free) {
            throw new ArgumentException(
                    """
                    %d invitations are not between 1 and %d, the places that study %s has left; \
                    plan for more voters (--raters)\
                    """
                            .formatted(count, free, study.id()));
        }
    }

    private List<String> insert(Handle handle, Study study, int count) {
        List<String> tokens = new ArrayList<>();
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (int i = 0; i < count; i++) {
            String token = Signer.randomText(TOKEN_BYTES).replace('-', '0').replace('_', '1');
            tokens.add(token);
            batch.bind("hash", Sha256.of(token))
                    .bind("study", study.id())
                    .bind("now", clock.millis())
                    .add();
        }
        batch.execute();
        return List.copyOf(tokens);
    }

    /** Returns the number of the plan's rows without a rater that no unused invitation needs. */
    private static int free(Handle handle, Study study) {
        int taken =
                handle.createQuery(COUNT_RATERS)
                        .bind("study", study.id())
                        .mapTo(Integer.class)
                        .one();
        int reserved = Places.unusedInvitations(handle, study.id());
        return Math.max(0, study.plan().raters().size() - taken - reserved);
    }

    /** See {@link StudyStore#invited}. */
    InvitationCount count(Study study) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(COUNT)
                                .bind("study", study.id())
                                .map(ConstructorMapper.of(InvitationCount.class))
                                .one());
    }
}
