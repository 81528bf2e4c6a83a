package dev.stanstudio.web.picture;

import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.matrix.PictureSettings;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Inserts a matrix and its pictures into the database. */
final class MatrixInsert {
    private MatrixInsert() {}

    /** Inserts the row of a matrix. */
    static void matrix(Handle h, Matrix matrix, boolean hidden) {
        h.createUpdate(
                        """
                        INSERT INTO matrix (id, owner, settings, created_at, aside)
                        VALUES (:id, :owner, :settings, :now, :hidden)
                        """)
                .bind("id", matrix.id())
                .bind("owner", matrix.owner())
                .bind("settings", JsonText.write(matrix.request()))
                .bind("now", matrix.createdAt())
                .bind("hidden", hidden ? 1 : 0)
                .execute();
    }

    /**
     * Inserts a queued picture for each cell of a matrix, behind all others.
     *
     * @param cells of the places; a null for a place without a picture
     * @param trial whether the gallery keeps them apart
     * @param fingerprint of the weights that are to draw them, or null for any
     */
    static void pictures(
            Handle h,
            Matrix matrix,
            List<@Nullable MatrixCell> cells,
            PictureSettings settings,
            boolean trial,
            @Nullable String fingerprint) {
        long last = lastPosition(h);
        PreparedBatch batch =
                h.prepareBatch(
                        """
                        INSERT INTO picture (id, matrix_id, owner, place, prompt, style, method,
                                             seed, model, fingerprint, request, width, height, state,
                                             position, trial, created_at, changed_at)
                        VALUES (:id, :matrix, :owner, :place, :prompt, :style, :method,
                                :seed, :model, :fingerprint, :request, :width, :height, 'queued',
                                :position, :trial, :now, :now)
                        """);
        FinishedSize size = FinishedSize.of(settings);
        for (int i = 0; i < cells.size(); i++) {
            MatrixCell cell = cells.get(i);
            if (cell == null) {
                continue;
            }
            batch.bind("id", UUID.randomUUID().toString())
                    .bind("matrix", matrix.id())
                    .bind("owner", matrix.owner())
                    .bind("place", i)
                    .bind("prompt", cell.pair().content())
                    .bind("style", cell.pair().styleOrEmpty())
                    .bind("method", cell.method())
                    .bind("seed", cell.seed())
                    .bind("model", matrix.request().model())
                    .bind("fingerprint", fingerprint)
                    .bind("request", JsonText.write(cell.request(settings)))
                    .bind("width", settings.enlargement().side(size.width()))
                    .bind("height", settings.enlargement().side(size.height()))
                    .bind("position", last + 1 + i)
                    .bind("trial", trial ? 1 : 0)
                    .bind("now", matrix.createdAt())
                    .add();
        }
        batch.execute();
    }

    private static long lastPosition(Handle h) {
        return h.createQuery("SELECT COALESCE(MAX(position), 0) FROM picture")
                .mapTo(Long.class)
                .one();
    }
}
