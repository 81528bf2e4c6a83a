package dev.stanstudio.web.picture;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads rows of the table of pictures. */
final class PictureRows {
    /** Selects the columns that {@link #map} reads, from the table {@code p}. */
    static final String SELECT =
            """
            SELECT p.id, p.matrix_id, p.owner, p.place, p.prompt, p.style, p.method, p.seed,
                   p.model, p.width, p.height, p.state, p.steps_done, p.steps, p.remark,
                   p.starred, p.created_at, p.changed_at, p.started_at, p.finished_at,
                   p.deleted_at, p.note
            FROM picture p
            """;

    private PictureRows() {}

    static StoredPicture map(ResultSet row, StatementContext context) throws SQLException {
        return new StoredPicture(
                row.getString("id"),
                row.getString("matrix_id"),
                row.getString("owner"),
                row.getInt("place"),
                new StoredPicture.Subject(
                        row.getString("prompt"),
                        row.getString("style"),
                        row.getString("method"),
                        row.getLong("seed")),
                row.getString("model"),
                row.getInt("width"),
                row.getInt("height"),
                PictureState.of(row.getString("state")),
                row.getInt("steps_done"),
                row.getInt("steps"),
                row.getString("remark"),
                row.getInt("starred") == 1,
                deletedAt(row),
                row.getString("note"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("changed_at")),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Instant.ofEpochMilli(row.getLong("finished_at")));
    }

    private static @Nullable Instant deletedAt(ResultSet row) throws SQLException {
        long millis = row.getLong("deleted_at");
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
