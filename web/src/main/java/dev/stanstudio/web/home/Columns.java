package dev.stanstudio.web.home;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.QualifiedColumnMapperFactory;
import org.jdbi.v3.core.qualifier.QualifiedType;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Converts between columns and the values of rows: times are milliseconds since 1970, paths are
 * texts, and what is marked with {@link JsonColumn} is JSON. Jdbi itself finds constants of enums
 * by their names in lower case, and truth in numbers.
 */
final class Columns {
    private Columns() {}

    static void register(Jdbi jdbi) {
        jdbi.registerColumnMapper(Instant.class, Columns::instant);
        jdbi.registerColumnMapper(Path.class, Columns::path);
        jdbi.registerColumnMapper((QualifiedColumnMapperFactory) Columns::json);
        jdbi.registerArgument(new Times());
        jdbi.registerArgument(new Paths());
    }

    private static @Nullable Instant instant(ResultSet row, int column, StatementContext context)
            throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Path path(ResultSet row, int column, StatementContext context)
            throws SQLException {
        String text = row.getString(column);
        return text == null ? null : Path.of(text);
    }

    private static Optional<ColumnMapper<?>> json(QualifiedType<?> type, ConfigRegistry config) {
        return type.hasQualifier(JsonColumn.class)
                ? Optional.of(
                        (row, column, context) ->
                                JsonText.read(row.getString(column), type.getType()))
                : Optional.empty();
    }

    private static final class Times extends AbstractArgumentFactory<Instant> {
        Times() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant time, ConfigRegistry config) {
            return (position, statement, context) ->
                    statement.setLong(position, time.toEpochMilli());
        }
    }

    private static final class Paths extends AbstractArgumentFactory<Path> {
        Paths() {
            super(Types.VARCHAR);
        }

        @Override
        protected Argument build(Path path, ConfigRegistry config) {
            return (position, statement, context) -> statement.setString(position, path.toString());
        }
    }
}
