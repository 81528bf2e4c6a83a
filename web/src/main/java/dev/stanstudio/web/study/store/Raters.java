package dev.stanstudio.web.study.store;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.Signer;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Admits raters and finds them by the token of their browser. Thread-safe. */
final class Raters {
    private static final int JOIN_TRIES = 20;
    private static final int MAX_CACHED = 50_000;

    private static final String INSERT =
            """
            INSERT INTO rater (id, study_id, slot, token_hash, device_hash, joined_at,
                address_hash, invitation)
            VALUES (:id, :study, :slot, :token, :device, :now, :address, :invitation)
            """;

    private static final String FORGET_LOST_PLACE =
            """
            DELETE FROM freed_rater WHERE token_hash = :token
            """;

    private static final String FIND_INVITATION =
            """
            SELECT rater_id IS NOT NULL FROM study_invitation
            WHERE token_hash = :hash AND study_id = :study
            """;

    private static final String USE_INVITATION =
            """
            UPDATE study_invitation SET rater_id = :rater
            WHERE token_hash = :hash AND rater_id IS NULL
            """;

    private static final String FIND_LOST_PLACE =
            """
            SELECT invitation FROM freed_rater WHERE token_hash = :token AND study_id = :study
            """;

    private static final String FIND =
            """
            SELECT id, study_id, slot FROM rater WHERE token_hash = :token
            """;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Places places;
    private final LruCache<String, Rater> cached = new LruCache<>(MAX_CACHED);

    Raters(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.places = new Places(database, clock);
    }

    /** See {@link StudyStore#join}. */
    Rater join(Study study, Newcomer newcomer) {
        for (int i = 0; i < JOIN_TRIES; i++) {
            Optional<Rater> rater = tryJoin(study, newcomer);
            if (rater.isPresent()) {
                return rater.get();
            }
        }
        throw new JoinRefusedException(JoinRefusedException.Reason.CONTENDED);
    }

    /** Returns the new rater; empty if another transaction took the same row of the plan. */
    private Optional<Rater> tryJoin(Study study, Newcomer newcomer) {
        try {
            return Optional.of(jdbi.inTransaction(handle -> insert(handle, study, newcomer)));
        } catch (Places.PlaceTakenException e) {
            return Optional.empty();
        } catch (UnableToExecuteStatementException e) {
            if (UniqueKeys.violated(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Rater insert(Handle handle, Study study, Newcomer newcomer) {
        String id = Signer.randomText(9);
        String token = Sha256.of(newcomer.token());
        Signer signer = new Signer(study.secret());
        String address = signer.tag("address " + newcomer.address());
        String invitation = invitation(handle, study, token, newcomer.invitation());
        int slot = places.take(handle, study, address, !invitation.isEmpty());
        if (!invitation.isEmpty()) {
            use(handle, invitation, id);
        }
        handle.createUpdate(FORGET_LOST_PLACE).bind("token", token).execute();
        handle.createUpdate(INSERT)
                .bind("id", id)
                .bind("study", study.id())
                .bind("slot", slot)
                .bind("token", token)
                .bind("device", signer.tag(newcomer.device()))
                .bind("now", clock.millis())
                .bind("address", address)
                .bind("invitation", invitation)
                .execute();
        Rater rater = new Rater(id, study.id(), slot);
        Panels.admit(handle, study, rater, newcomer.panelId(), token, clock.millis());
        return rater;
    }

    /**
     * Returns the hash of the invitation that admits a rater: of the one in the link, or of the one
     * that belonged to a place which the rater lost; empty if the study's own link admits.
     */
    private static String invitation(Handle handle, Study study, String token, String given) {
        String hash =
                given.isEmpty() ? lostPlace(handle, study, token).orElse("") : Sha256.of(given);
        if (hash.isEmpty()) {
            if (study.plan().settings().admitted().invitedOnly()) {
                throw new JoinRefusedException(JoinRefusedException.Reason.INVITATION_NEEDED);
            }
            return "";
        }
        boolean used =
                handle.createQuery(FIND_INVITATION)
                        .bind("hash", hash)
                        .bind("study", study.id())
                        .mapTo(Boolean.class)
                        .findOne()
                        .orElseThrow(
                                () ->
                                        new JoinRefusedException(
                                                JoinRefusedException.Reason.INVITATION_UNKNOWN));
        if (used) {
            throw new JoinRefusedException(JoinRefusedException.Reason.INVITATION_USED);
        }
        return hash;
    }

    private static void use(Handle handle, String invitation, String rater) {
        int used =
                handle.createUpdate(USE_INVITATION)
                        .bind("rater", rater)
                        .bind("hash", invitation)
                        .execute();
        if (used == 0) {
            throw new Places.PlaceTakenException();
        }
    }

    /** Returns the invitation of a place that was lost, maybe empty text; no value if none was. */
    private static Optional<String> lostPlace(Handle handle, Study study, String token) {
        return handle.createQuery(FIND_LOST_PLACE)
                .bind("token", token)
                .bind("study", study.id())
                .mapTo(String.class)
                .findOne();
    }

    /** See {@link StudyStore#lostPlace}. */
    boolean lostPlace(Study study, String token) {
        return jdbi.withHandle(h -> lostPlace(h, study, Sha256.of(token))).isPresent();
    }

    /** See {@link StudyStore#rater}. */
    Optional<Rater> find(Study study, String token) {
        String hash = Sha256.of(token);
        Optional<Rater> rater = Optional.ofNullable(cached.find(hash)).or(() -> load(hash));
        return rater.filter(found -> found.studyId().equals(study.id()));
    }

    /** As {@link #find}, from the database. */
    Optional<Rater> current(Study study, String token) {
        cached.remove(Sha256.of(token));
        return find(study, token);
    }

    /** Forgets the rater that was read under this hash of a token. */
    void forget(String tokenHash) {
        cached.remove(tokenHash);
    }

    private Optional<Rater> load(String hash) {
        Optional<Rater> rater =
                jdbi.withHandle(
                        handle ->
                                handle.createQuery(FIND)
                                        .bind("token", hash)
                                        .map(ConstructorMapper.of(Rater.class))
                                        .findOne());
        rater.ifPresent(found -> cached.put(hash, found));
        return rater;
    }
}
