package dev.stanstudio.web.picture;

import dev.stanstudio.web.home.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Finds pictures by the adapter that draws them. Thread-safe. */
public final class AdapterPictures {
    private final Jdbi jdbi;

    /** Opens the pictures of {@code database}. */
    public AdapterPictures(Database database) {
        this.jdbi = database.jdbi();
    }

    /**
     * Returns the id of a finished picture by one adapter alone: the newest with a star, else the
     * newest.
     *
     * @param method name of the adapter's own column
     * @param sha256 hash of the adapter
     */
    public Optional<String> sample(String method, String sha256) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT id
                                        FROM picture
                                        WHERE method = :method
                                          AND state = 'done'
                                          AND deleted_at IS NULL
                                          AND request LIKE :hash
                                        ORDER BY starred DESC, finished_at DESC, id
                                        LIMIT 1
                                        """)
                                .bind("method", method)
                                .bind("hash", "%\"" + sha256 + "\"%")
                                .mapTo(String.class)
                                .findOne());
    }

    /** Returns the matrices of which pictures wait or are drawn. */
    public List<Matrix> open() {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT *
                                        FROM matrix
                                        WHERE id IN (SELECT matrix_id
                                                     FROM picture
                                                     WHERE state IN ('queued', 'running'))
                                        """)
                                .map(PictureRows.MATRIX)
                                .list());
    }
}
