package dev.stanstudio.web.picture;

import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Reads rows of the tables of matrices and of pictures. */
final class PictureRows {
    /** Selects the columns of {@link #PICTURE}, from the table {@code p}. */
    static final String SELECT =
            """
            SELECT p.id, p.matrix_id, p.owner, p.place, p.prompt, p.style, p.method, p.seed,
                   p.model, p.width, p.height, p.state, p.steps_done, p.steps, p.remark,
                   p.starred, p.created_at, p.changed_at,
                   COALESCE(p.started_at, 0) AS started_at,
                   COALESCE(p.finished_at, 0) AS finished_at,
                   p.deleted_at, p.note
            FROM picture p
            """;

    static final RowMapper<StoredPicture> PICTURE = ConstructorMapper.of(StoredPicture.class);

    static final RowMapper<Matrix> MATRIX = ConstructorMapper.of(Matrix.class);

    private PictureRows() {}
}
