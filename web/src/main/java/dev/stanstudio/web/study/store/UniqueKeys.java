package dev.stanstudio.web.study.store;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Distinguishes a violated unique key from other failures of a statement. */
final class UniqueKeys {
    private static final String POSTGRESQL_UNIQUE_VIOLATION = "23505";
    private static final int MAX_CAUSES = 16;

    private UniqueKeys() {}

    /** Returns whether a statement failed because another row has the same key. */
    static boolean violated(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .anyMatch(UniqueKeys::isViolation);
    }

    private static boolean isViolation(SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            SQLiteErrorCode code = sqlite.getResultCode();
            return code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                    || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY;
        }
        return POSTGRESQL_UNIQUE_VIOLATION.equals(e.getSQLState());
    }
}
