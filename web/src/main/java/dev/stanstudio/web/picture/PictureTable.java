package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.PictureSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Keeps matrices and their pictures in the database. Thread-safe. */
public final class PictureTable {
    /** Most ids in one query; databases limit its parameters. */
    private static final int AT_ONCE = 500;

    private final Jdbi jdbi;
    private final Clock clock;

    /** Opens the tables of {@code database}. */
    public PictureTable(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /**
     * Adds a matrix with a queued picture for each cell.
     *
     * @param owner the visitor who asks
     * @param defaults of the request's model
     * @throws dev.stanstudio.base.UserException if a picture cannot work with any model; nothing is
     *     added then
     */
    public Matrix add(String owner, MatrixRequest request, ModelDefaults defaults) {
        return add(owner, request, defaults, PromptChoices.withoutWildcards(), null);
    }

    /**
     * Adds a matrix whose prompts may hold choices.
     *
     * @param fingerprint of the model's weights, which no others may draw; null for any
     */
    public Matrix add(
            String owner,
            MatrixRequest request,
            ModelDefaults defaults,
            PromptChoices choices,
            @Nullable String fingerprint) {
        return add(owner, request, defaults, choices, fingerprint, false);
    }

    /**
     * Adds a matrix that belongs to another page than Generate, which does not list it; the gallery
     * keeps its pictures apart.
     */
    public Matrix addHidden(
            String owner,
            MatrixRequest request,
            ModelDefaults defaults,
            @Nullable String fingerprint) {
        return add(owner, request, defaults, PromptChoices.withoutWildcards(), fingerprint, true);
    }

    private Matrix add(
            String owner,
            MatrixRequest request,
            ModelDefaults defaults,
            PromptChoices choices,
            @Nullable String fingerprint,
            boolean hidden) {
        Matrix matrix = new Matrix(UUID.randomUUID().toString(), owner, request, clock.instant());
        PictureSettings settings = request.settings(defaults);
        List<@Nullable MatrixCell> cells = request.places(choices);
        jdbi.useTransaction(
                h -> {
                    MatrixInsert.matrix(h, matrix, hidden);
                    MatrixInsert.pictures(h, matrix, cells, settings, hidden, fingerprint);
                });
        return matrix;
    }

    /** Returns a matrix. */
    public Optional<Matrix> matrix(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT * FROM matrix WHERE id = :id")
                                .bind("id", id)
                                .map(PictureRows.MATRIX)
                                .findOne());
    }

    /** Returns the newest matrices of the page Generate, newest first. */
    public List<Matrix> newest(int count) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT * FROM matrix
                                        WHERE aside = 0
                                        ORDER BY created_at DESC, id
                                        LIMIT :n
                                        """)
                                .bind("n", count)
                                .map(PictureRows.MATRIX)
                                .list());
    }

    /** Returns the pictures of a matrix in their places; deleted ones too. */
    public List<StoredPicture> ofMatrix(String matrix) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        PictureRows.SELECT
                                                + """
                                                WHERE p.matrix_id = :matrix
                                                ORDER BY p.place
                                                """)
                                .bind("matrix", matrix)
                                .map(PictureRows.PICTURE)
                                .list());
    }

    /** Returns a picture. */
    public Optional<StoredPicture> find(String id) {
        return find(List.of(id)).stream().findFirst();
    }

    /** Returns the pictures that have these ids, in their order; ids of none are skipped. */
    public List<StoredPicture> find(List<String> ids) {
        Map<String, StoredPicture> found = new HashMap<>();
        jdbi.useHandle(
                h -> {
                    for (int i = 0; i < ids.size(); i += AT_ONCE) {
                        h.createQuery(PictureRows.SELECT + "WHERE p.id IN (<ids>)")
                                .bindList("ids", ids.subList(i, Math.min(i + AT_ONCE, ids.size())))
                                .map(PictureRows.PICTURE)
                                .forEach(picture -> found.put(picture.id(), picture));
                    }
                });
        return ids.stream().flatMap(id -> Stream.ofNullable(found.get(id))).toList();
    }

    /**
     * Returns the newest picture of the same request that is drawn, or will be.
     *
     * @param since earliest time of the request
     */
    public Optional<StoredPicture> same(String model, GenerationRequest request, Instant since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        PictureRows.SELECT
                                                + """
                                                WHERE p.seed = :seed
                                                  AND p.model = :model
                                                  AND p.request = :request
                                                  AND p.created_at >= :since
                                                  AND p.deleted_at IS NULL
                                                  AND p.state IN ('queued', 'running', 'done')
                                                ORDER BY p.created_at DESC
                                                LIMIT 1
                                                """)
                                .bind("seed", request.seeds().get(0))
                                .bind("model", model)
                                .bind("request", JsonText.write(request))
                                .bind("since", since)
                                .map(PictureRows.PICTURE)
                                .findOne());
    }

    /** Returns the request that the pipeline gets for a picture. */
    public Optional<GenerationRequest> request(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT request FROM picture WHERE id = :id")
                                .bind("id", id)
                                .mapTo(String.class)
                                .findOne()
                                .map(json -> JsonText.read(json, GenerationRequest.class)));
    }

    /** Returns the fingerprint of the weights that a picture was ordered of; empty for any. */
    public Optional<String> fingerprint(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT fingerprint FROM picture
                                        WHERE id = :id AND fingerprint IS NOT NULL
                                        """)
                                .bind("id", id)
                                .mapTo(String.class)
                                .findOne());
    }

    /** Returns pictures that changed at {@code since} or later. */
    public List<StoredPicture> changedSince(Instant since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        PictureRows.SELECT
                                                + """
                                                WHERE p.changed_at >= :since
                                                ORDER BY p.changed_at
                                                """)
                                .bind("since", since)
                                .map(PictureRows.PICTURE)
                                .list());
    }

    /** Returns pictures that wait or run, and those that failed at {@code since} or later. */
    public List<StoredPicture> inQueue(Instant since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        PictureRows.SELECT
                                                + """
                                                WHERE p.state IN ('queued', 'running')
                                                   OR (p.state = 'failed'
                                                       AND p.changed_at >= :since
                                                       AND p.deleted_at IS NULL)
                                                ORDER BY p.position
                                                """)
                                .bind("since", since)
                                .map(PictureRows.PICTURE)
                                .list());
    }

    /** Puts a star on a picture or takes it off. */
    public void star(String id, boolean starred) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        """
                                        UPDATE picture
                                        SET starred = :starred, changed_at = :now
                                        WHERE id = :id
                                        """)
                                .bind("starred", starred ? 1 : 0)
                                .bind("now", clock.millis())
                                .bind("id", id)
                                .execute());
    }

    /** Replaces the visitors' own words on a picture. */
    public void note(String id, String note) {
        jdbi.useHandle(
                h ->
                        h.createUpdate("UPDATE picture SET note = :note WHERE id = :id")
                                .bind("note", note)
                                .bind("id", id)
                                .execute());
    }

    /**
     * Marks finished pictures as deleted, or takes the mark away.
     *
     * @return how many changed
     */
    public int delete(Collection<String> ids, boolean deleted) {
        long now = clock.millis();
        return jdbi.inTransaction(
                h -> {
                    int changed = 0;
                    for (String id : ids) {
                        changed += mark(h, id, deleted ? now : null, now);
                    }
                    return changed;
                });
    }

    private static int mark(Handle h, String id, @Nullable Long deletedAt, long now) {
        return h.createUpdate(
                        """
                        UPDATE picture
                        SET deleted_at = :deleted, changed_at = :now
                        WHERE id = :id AND state NOT IN ('queued', 'running')
                        """)
                .bind("deleted", deletedAt)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** Returns pictures that were deleted before {@code time} and still have their files. */
    public List<String> deletedBefore(long time) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT id FROM picture WHERE deleted_at < :time")
                                .bind("time", time)
                                .mapTo(String.class)
                                .list());
    }

    /** Returns the hashes of stored inputs that pictures, deleted ones too, and matrices name. */
    Set<String> inputs() {
        Set<String> hashes = new HashSet<>();
        jdbi.useHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT request FROM picture WHERE request LIKE '%inputs%'
                                        UNION ALL
                                        SELECT settings FROM matrix WHERE settings LIKE '%inputs%'
                                        """)
                                .mapTo(String.class)
                                .forEach(json -> InputPictures.collect(json, hashes)));
        return hashes;
    }

    /**
     * Removes a picture that was deleted before {@code time} from the table.
     *
     * @return whether it was still deleted
     */
    boolean forget(String id, long time) {
        int forgotten =
                jdbi.withHandle(
                        h ->
                                h.createUpdate(
                                                """
                                                DELETE FROM picture
                                                WHERE id = :id AND deleted_at < :time
                                                """)
                                        .bind("id", id)
                                        .bind("time", time)
                                        .execute());
        return forgotten == 1;
    }
}
