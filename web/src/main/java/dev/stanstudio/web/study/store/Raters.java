package dev.stanstudio.web.study.store;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.plan.StudyPlan;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Admits raters and knows them again. Thread-safe. */
final class Raters {
    private static final int JOIN_TRIES = 20;
    private static final int MAX_CACHED = 50_000;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Places places;
    private final Map<String, Rater> known = new ConcurrentHashMap<>();

    Raters(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.places = new Places(database, clock);
    }

    /** See {@link StudyStore#join}. */
    Rater join(Study study, Newcomer newcomer) {
        String invitation =
                newcomer.invitation().isEmpty() ? "" : StudyPlan.hash(newcomer.invitation());
        for (int i = 0; i < JOIN_TRIES; i++) {
            Rater rater = tryJoin(study, newcomer, invitation);
            if (rater != null) {
                return rater;
            }
        }
        throw new PageException(503, "too many people are joining at once; try again");
    }

    private @Nullable Rater tryJoin(Study study, Newcomer newcomer, String named) {
        String id = Signer.randomText(9);
        String token = StudyPlan.hash(newcomer.token());
        Signer signer = new Signer(study.secret());
        String address = signer.tag("address " + newcomer.address());
        try {
            return jdbi.inTransaction(
                    handle -> {
                        String invitation = invitation(handle, study, token, named);
                        int slot = places.take(handle, study, address, !invitation.isEmpty());
                        use(handle, invitation, id);
                        handle.createUpdate("DELETE FROM freed_rater WHERE token_hash = ?")
                                .bind(0, token)
                                .execute();
                        handle.createUpdate(
                                        "INSERT INTO rater (id, study_id, slot, token_hash,"
                                            + " device_hash, joined_at, address_hash, invitation)"
                                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                                .bind(0, id)
                                .bind(1, study.id())
                                .bind(2, slot)
                                .bind(3, token)
                                .bind(4, signer.tag(newcomer.device()))
                                .bind(5, clock.millis())
                                .bind(6, address)
                                .bind(7, invitation)
                                .execute();
                        return new Rater(id, study.id(), slot);
                    });
        } catch (UnableToExecuteStatementException | Places.PlaceTakenException e) {
            return null; // Another took the row between the two statements.
        }
    }

    /**
     * The hash of the invitation that admits: the named one, or the one of a place that was lost.
     */
    private static String invitation(Handle handle, Study study, String token, String named) {
        String hash = named.isEmpty() ? lost(handle, study, token).orElse("") : named;
        if (hash.isEmpty()) {
            if (study.plan().settings().admitted().invitedOnly()) {
                throw new PageException(
                        403, "this study is by invitation; open the link that you were given");
            }
            return "";
        }
        Optional<Boolean> used =
                handle.createQuery(
                                "SELECT rater_id FROM study_invitation WHERE token_hash = ? AND"
                                        + " study_id = ?")
                        .bind(0, hash)
                        .bind(1, study.id())
                        .map((rs, ctx) -> rs.getString(1) != null)
                        .findOne();
        if (used.isEmpty()) {
            throw new PageException(
                    403, "this invitation is none of this study; check that it was copied whole");
        }
        if (used.get()) {
            throw new PageException(
                    410,
                    "this invitation was used already: it admits one person. If that was you, go"
                            + " on in the browser where you began");
        }
        return hash;
    }

    private static void use(Handle handle, String invitation, String rater) {
        if (!invitation.isEmpty()) {
            int used =
                    handle.createUpdate(
                                    "UPDATE study_invitation SET rater_id = ? WHERE token_hash = ?"
                                            + " AND rater_id IS NULL")
                            .bind(0, rater)
                            .bind(1, invitation)
                            .execute();
            if (used == 0) {
                throw new Places.PlaceTakenException();
            }
        }
    }

    private static Optional<String> lost(Handle handle, Study study, String token) {
        return handle.createQuery(
                        "SELECT invitation FROM freed_rater WHERE token_hash = ? AND study_id = ?")
                .bind(0, token)
                .bind(1, study.id())
                .mapTo(String.class)
                .findOne();
    }

    /** See {@link StudyStore#lostPlace}. */
    boolean lostPlace(Study study, String token) {
        return jdbi.withHandle(h -> lost(h, study, StudyPlan.hash(token))).isPresent();
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

    /** As {@link #find}, from the database: a place may be lost. */
    Optional<Rater> current(Study study, String token) {
        known.remove(StudyPlan.hash(token));
        return find(study, token);
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
