package dev.stanstudio.web.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.UserException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** An open database whose schema is this program's. Thread-safe. */
public final class Database implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:dev/stanstudio/web/database/migrations";
    private static final String SQLITE = "jdbc:sqlite:";
    private static final int MAX_CAUSES = 16;

    private final HikariDataSource source;
    private final Dialect dialect;
    private final Jdbi jdbi;

    private Database(HikariDataSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
        this.jdbi = Jdbi.create(source);
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @param url {@code jdbc:postgresql:…} or {@code jdbc:sqlite:FILE}; null for {@code file}
     * @throws ArgumentException for any other URL
     * @throws UserException when it cannot be reached, is locked, damaged or of a newer program
     */
    public static Database open(@Nullable String url, Path file) {
        String wanted = url == null ? SQLITE + file : url;
        if (!wanted.startsWith(SQLITE) && !wanted.startsWith("jdbc:postgresql:")) {
            throw new ArgumentException(
                    "--db "
                            + shown(wanted)
                            + " is no database the studio knows; give jdbc:postgresql://HOST/NAME"
                            + " or jdbc:sqlite:FILE");
        }
        Dialect dialect = Dialect.of(wanted);
        HikariDataSource source = connect(wanted, dialect);
        try {
            migrate(source, dialect, wanted);
            return new Database(source, dialect);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static HikariDataSource connect(String url, Dialect dialect) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setPoolName("studio");
        config.setConnectionTimeout(10_000);
        dialect.configure(config);
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            throw refused(url, e);
        }
    }

    private static void migrate(HikariDataSource source, Dialect dialect, String url) {
        Flyway flyway =
                Flyway.configure(Database.class.getClassLoader())
                        .dataSource(source)
                        .locations(MIGRATIONS)
                        .placeholders(dialect.placeholders())
                        .table("schema_history")
                        .load();
        try {
            refuseNewer(flyway.info().all(), url);
            MigrateResult result = flyway.migrate();
            if (!result.success) {
                throw new UserException("the schema of " + shown(url) + " could not be updated");
            }
        } catch (FlywayException e) {
            throw refused(url, e);
        }
    }

    private static void refuseNewer(MigrationInfo[] all, String url) {
        for (MigrationInfo info : all) {
            if (info.getState().isApplied() && !info.getState().isResolved()) {
                throw new UserException(
                        "the database "
                                + shown(url)
                                + " was written by a newer version of the program (schema "
                                + info.getVersion()
                                + "); update the program, or name another database with --db");
            }
        }
    }

    private static UserException refused(String url, Exception e) {
        String reason =
                Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                        .limit(MAX_CAUSES)
                        .filter(SQLException.class::isInstance)
                        .reduce((first, last) -> last)
                        .map(Throwable::getMessage)
                        .orElseGet(() -> String.valueOf(e.getMessage()))
                        .lines()
                        .findFirst()
                        .orElse("");
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("locked") || lower.contains("busy")) {
            return new UserException(
                    "the database "
                            + shown(url)
                            + " is locked by another process; end that one, or name another"
                            + " database with --db",
                    e);
        }
        if (lower.contains("not a database") || lower.contains("malformed")) {
            return new UserException(
                    shown(url) + " is no database, or damaged; move it away or restore a copy", e);
        }
        return new UserException("cannot use the database " + shown(url) + ": " + reason, e);
    }

    /** The URL without parameters, among which a password may be. */
    private static String shown(String url) {
        String bare = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : url;
        int parameters = bare.indexOf('?');
        return parameters < 0 ? bare : bare.substring(0, parameters);
    }

    /** The door to SQL. */
    public Jdbi jdbi() {
        return jdbi;
    }

    /** The connections, for libraries that bring SQL of their own. */
    public DataSource source() {
        return source;
    }

    /** Which of the databases this is. */
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public void close() {
        source.close();
    }
}
