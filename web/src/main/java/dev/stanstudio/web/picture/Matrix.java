package dev.stanstudio.web.picture;

import dev.stanstudio.web.home.JsonColumn;
import java.time.Instant;
import org.jdbi.v3.core.mapper.reflect.ColumnName;

/**
 * Records a matrix as it was asked for.
 *
 * @param owner the visitor who asked
 */
public record Matrix(
        String id,
        String owner,
        @ColumnName("settings") @JsonColumn MatrixRequest request,
        Instant createdAt) {}
