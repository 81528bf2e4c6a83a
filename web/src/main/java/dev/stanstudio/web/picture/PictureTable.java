package dev.stanstudio.web.picture;

import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.PageException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Matrices and pictures in the database. Thread-safe. */
public final class PictureTable {
    private static final String SELECT = "SELECT " + PictureRows.COLUMNS + " FROM picture p ";

    private final Jdbi jdbi;
    private final Clock clock;

    /** The tables of {@code database}. */
    public PictureTable(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /**
     * Writes an order with a queued picture for each cell.
     *
     * @param owner the visitor who asks
     */
    public Matrix add(String owner, MatrixRequest order, List<Cells.Cell> cells) {
        return add(owner, order, cells, false);
    }

    /** As {@link #add(String, MatrixRequest, List)}, for another page than Generate. */
    public Matrix addAside(String owner, MatrixRequest order, List<Cells.Cell> cells) {
        return add(owner, order, cells, true);
    }

    private Matrix add(String owner, MatrixRequest order, List<Cells.Cell> cells, boolean aside) {
        String id = id();
        long now = clock.millis();
        jdbi.useTransaction(
                h -> {
                    h.createUpdate(
                                    "INSERT INTO matrix (id, owner, settings, created_at, aside)"
                                            + " VALUES (:id, :owner, :settings, :now, :aside)")
                            .bind("id", id)
                            .bind("owner", owner)
                            .bind("settings", Json.write(order))
                            .bind("now", now)
                            .bind("aside", aside ? 1 : 0)
                            .execute();
                    insert(h, id, owner, order.model(), cells, now);
                });
        return new Matrix(id, owner, order, now);
    }

    private static void insert(
            Handle h, String matrix, String owner, String model, List<Cells.Cell> cells, long now) {
        long last = lastPosition(h);
        PreparedBatch batch =
                h.prepareBatch(
                        "INSERT INTO picture (id, matrix_id, owner, place, prompt, style, method,"
                            + " seed, model, request, width, height, state, position, created_at,"
                            + " changed_at) VALUES (:id, :matrix, :owner, :place, :prompt, :style,"
                            + " :method, :seed, :model, :request, :width, :height, 'queued',"
                            + " :position, :now, :now)");
        for (int i = 0; i < cells.size(); i++) {
            Cells.Cell cell = cells.get(i);
            batch.bind("id", id())
                    .bind("matrix", matrix)
                    .bind("owner", owner)
                    .bind("place", i)
                    .bind("prompt", cell.prompt())
                    .bind("style", cell.style())
                    .bind("method", cell.method())
                    .bind("seed", cell.seed())
                    .bind("model", model)
                    .bind("request", Json.write(cell.request()))
                    .bind("width", cell.request().width())
                    .bind("height", cell.request().height())
                    .bind("position", last + 1 + i)
                    .bind("now", now)
                    .add();
        }
        batch.execute();
    }

    private static long lastPosition(Handle h) {
        return h.createQuery("SELECT COALESCE(MAX(position), 0) FROM picture")
                .mapTo(Long.class)
                .one();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    /** A matrix. */
    public Optional<Matrix> matrix(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT * FROM matrix WHERE id = :id")
                                .bind("id", id)
                                .map((row, context) -> matrix(row))
                                .findOne());
    }

    /** The newest matrices of the page Generate, newest first. */
    public List<Matrix> newest(int count) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT * FROM matrix WHERE aside = 0"
                                                + " ORDER BY created_at DESC, id LIMIT :n")
                                .bind("n", count)
                                .map((row, context) -> matrix(row))
                                .list());
    }

    private static Matrix matrix(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Matrix(
                row.getString("id"),
                row.getString("owner"),
                Json.read(row.getString("settings"), MatrixRequest.class),
                row.getLong("created_at"));
    }

    /** The pictures of a matrix in their places; deleted ones too. */
    public List<StoredPicture> ofMatrix(String matrix) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(SELECT + "WHERE p.matrix_id = :matrix ORDER BY p.place")
                                .bind("matrix", matrix)
                                .map(PictureRows::map)
                                .list());
    }

    /** A picture, if there is one. */
    public Optional<StoredPicture> find(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(SELECT + "WHERE p.id = :id")
                                .bind("id", id)
                                .map(PictureRows::map)
                                .findOne());
    }

    /**
     * A picture.
     *
     * @throws PageException with status 404 if there is none
     */
    public StoredPicture get(String id) {
        return find(id).orElseThrow(() -> PageException.missing("there is no such picture"));
    }

    /**
     * A picture that was asked for by the same request and is drawn, or will be.
     *
     * @param since asked for then or later, in milliseconds since 1970
     */
    public Optional<StoredPicture> same(String model, GenerationRequest request, long since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        SELECT
                                                + "WHERE p.seed = :seed AND p.model = :model AND"
                                                + " p.request = :request AND p.created_at >= :since"
                                                + " AND p.deleted_at IS NULL AND p.state IN"
                                                + " ('queued', 'running', 'done') ORDER BY"
                                                + " p.created_at DESC LIMIT 1")
                                .bind("seed", request.seeds().get(0))
                                .bind("model", model)
                                .bind("request", Json.write(request))
                                .bind("since", since)
                                .map(PictureRows::map)
                                .findOne());
    }

    /** What is asked of the pipeline for a picture. */
    public GenerationRequest request(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT request FROM picture WHERE id = :id")
                                .bind("id", id)
                                .mapTo(String.class)
                                .findOne()
                                .map(json -> Json.read(json, GenerationRequest.class))
                                .orElseThrow(
                                        () -> PageException.missing("there is no such picture")));
    }

    /** Pictures that changed at {@code since} or later, in milliseconds since 1970. */
    public List<StoredPicture> changedSince(long since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(SELECT + "WHERE p.changed_at >= :since ORDER BY p.changed_at")
                                .bind("since", since)
                                .map(PictureRows::map)
                                .list());
    }

    /** Pictures that wait or are being drawn, and those that failed at {@code since} or later. */
    public List<StoredPicture> inQueue(long since) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        SELECT
                                                + "WHERE p.state IN ('queued', 'running') OR"
                                                + " (p.state = 'failed' AND p.changed_at >= :since"
                                                + " AND p.deleted_at IS NULL) ORDER BY p.position")
                                .bind("since", since)
                                .map(PictureRows::map)
                                .list());
    }

    /** Puts a star on a picture or takes it off. */
    public void star(String id, boolean starred) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "UPDATE picture SET starred = :starred, changed_at = :now"
                                                + " WHERE id = :id")
                                .bind("starred", starred ? 1 : 0)
                                .bind("now", clock.millis())
                                .bind("id", id)
                                .execute());
    }

    /**
     * Takes finished pictures out of sight, or brings them back.
     *
     * @return how many changed
     */
    public int delete(Collection<String> ids, boolean deleted) {
        if (ids.isEmpty()) {
            return 0;
        }
        long now = clock.millis();
        return jdbi.inTransaction(
                h -> {
                    int changed = 0;
                    for (String id : new ArrayList<>(ids)) {
                        changed +=
                                h.createUpdate(
                                                "UPDATE picture SET deleted_at = :deleted,"
                                                    + " changed_at = :now WHERE id = :id AND state"
                                                    + " NOT IN ('queued', 'running')")
                                        .bind("deleted", deleted ? now : null)
                                        .bind("now", now)
                                        .bind("id", id)
                                        .execute();
                    }
                    return changed;
                });
    }

    /** Pictures that were deleted before {@code time} and still have their files. */
    public List<String> deletedBefore(long time) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT id FROM picture WHERE deleted_at < :time")
                                .bind("time", time)
                                .mapTo(String.class)
                                .list());
    }

    /** Forgets a picture for good. */
    public void forget(String id) {
        jdbi.useHandle(
                h -> h.createUpdate("DELETE FROM picture WHERE id = :id").bind("id", id).execute());
    }
}
