package dev.stanstudio.web.study.store;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Admits raters and knows them again. Thread-safe. */
final class Raters {
    private static final int JOIN_TRIES = 20;
    private static final int MAX_CACHED = 50_000;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Map<String, Rater> known = new ConcurrentHashMap<>();

    Raters(Jdbi jdbi, Clock clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** See {@link StudyStore#join}. */
    Rater join(Study study, String token, String device) {
        for (int i = 0; i < JOIN_TRIES; i++) {
            Rater rater = tryJoin(study, token, device);
            if (rater != null) {
                return rater;
            }
        }
        throw new PageException(503, "too many people are joining at once; try again");
    }

    private @Nullable Rater tryJoin(Study study, String token, String device) {
        String id = Signer.randomText(9);
        try {
            return jdbi.inTransaction(
                    h -> {
                        int slot =
                                h.createQuery(
                                                "SELECT COALESCE(MAX(slot) + 1, 0) FROM rater WHERE"
                                                        + " study_id = ?")
                                        .bind(0, study.id())
                                        .mapTo(Integer.class)
                                        .one();
                        if (slot >= study.plan().raters().size()) {
                            throw new PageException(
                                    410, "this study has all the voters it planned for; thank you");
                        }
                        h.createUpdate(
                                        "INSERT INTO rater (id, study_id, slot, token_hash,"
                                                + " device_hash, joined_at) VALUES (?, ?, ?, ?, ?,"
                                                + " ?)")
                                .bind(0, id)
                                .bind(1, study.id())
                                .bind(2, slot)
                                .bind(3, StudyPlan.hash(token))
                                .bind(4, new Signer(study.secret()).tag(device))
                                .bind(5, clock.millis())
                                .execute();
                        return new Rater(id, study.id(), slot);
                    });
        } catch (UnableToExecuteStatementException e) {
            return null; // Another took the row between the two statements.
        }
    }

    /** See {@link StudyStore#rater}. */
    Optional<Rater> find(Study study, String token) {
        String hash = StudyPlan.hash(token);
        Rater rater = known.get(hash);
        if (rater == null) {
            rater = load(hash);
            if (rater == null) {
                return Optional.empty();
            }
            if (known.size() > MAX_CACHED) {
                known.clear();
            }
            known.put(hash, rater);
        }
        return rater.studyId().equals(study.id()) ? Optional.of(rater) : Optional.empty();
    }

    private @Nullable Rater load(String hash) {
        return jdbi.withHandle(
                        h ->
                                h.createQuery(
                                                "SELECT id, study_id, slot FROM rater WHERE"
                                                        + " token_hash = ?")
                                        .bind(0, hash)
                                        .map(
                                                (rs, ctx) ->
                                                        new Rater(
                                                                rs.getString(1),
                                                                rs.getString(2),
                                                                rs.getInt(3)))
                                        .findOne())
                .orElse(null);
    }
}
