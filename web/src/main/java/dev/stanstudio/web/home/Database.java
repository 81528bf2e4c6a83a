package dev.stanstudio.web.home;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.NativeLibraryNotFoundException;

/** An open database whose schema is this program's. Thread-safe. */
public final class Database implements AutoCloseable {
    private static final String MIGRATIONS = "classpath:dev/stanstudio/web/home/migrations";
    private static final int MAX_CAUSES = 16;

    private final HikariDataSource pool;
    private final DataSource source;
    private final Dialect dialect;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool, Dialect dialect) {
        this.pool = pool;
        this.source = new Circuit(pool);
        this.dialect = dialect;
        this.jdbi = Jdbi.create(source);
        Columns.register(jdbi);
    }

    /**
     * Opens the database and brings its schema up to date.
     *
     * @param url {@code jdbc:postgresql:…} or {@code jdbc:sqlite:FILE}; null for {@code file}
     * @throws dev.stanstudio.base.ArgumentException for any other URL
     * @throws UserException when it cannot be reached, is locked, damaged or of a newer program
     */
    public static Database open(@Nullable String url, Path file) {
        return open(url, file, null);
    }

    /**
     * As {@link #open(String, Path)}.
     *
     * @param password of the database's account, or null where the URL has it or none is needed
     */
    public static Database open(@Nullable String url, Path file, @Nullable String password) {
        DatabaseAddress wanted =
                url == null ? DatabaseAddress.ofFile(file) : new DatabaseAddress(url);
        Dialect dialect = Dialect.of(wanted.url());
        wanted.file().ifPresent(OwnerOnly::createFile);
        HikariDataSource source = connect(wanted, dialect, password);
        try {
            migrate(source, dialect, wanted);
            return new Database(source, dialect);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static HikariDataSource connect(
            DatabaseAddress url, Dialect dialect, @Nullable String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.url());
        config.setPoolName("studio");
        if (password != null && dialect == Dialect.POSTGRESQL) {
            config.setPassword(password);
        }
        dialect.configure(config);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) { // also for addresses that the driver does not understand
            throw refused(url, e);
        }
    }

    private static void migrate(HikariDataSource source, Dialect dialect, DatabaseAddress url) {
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
                throw new UserException("the schema of " + url.shown() + " could not be updated");
            }
        } catch (FlywayException e) {
            throw refused(url, e);
        }
    }

    private static void refuseNewer(MigrationInfo[] all, DatabaseAddress url) {
        for (MigrationInfo info : all) {
            if (info.getState().isApplied() && !info.getState().isResolved()) {
                throw new UserException(
                        ("the database %s was written by a newer version of the program (schema"
                             + " %s); update the program, or name another database with --db")
                                .formatted(url.shown(), info.getVersion()));
            }
        }
    }

    private static UserException refused(DatabaseAddress url, Exception thrown) {
        if (any(thrown, NativeLibraryNotFoundException.class::isInstance)) {
            return new UserException(
                    "SQLite cannot be loaded from %s: free space there, and let programs run from"
                                    .formatted(TemporaryFiles.ofSqlite())
                            + " it",
                    thrown);
        }
        String reason =
                Stream.iterate((Throwable) thrown, cause -> cause != null, Throwable::getCause)
                        .limit(MAX_CAUSES)
                        .filter(SQLException.class::isInstance)
                        .reduce((first, last) -> last)
                        .map(Throwable::getMessage)
                        .orElseGet(() -> String.valueOf(thrown.getMessage()))
                        .lines()
                        .findFirst()
                        .orElse("");
        reason = url.scrubbed(reason);
        // Its message may quote the password and is not passed on.
        Exception e =
                url.scrubbed(all(thrown)).equals(all(thrown)) ? thrown : new SQLException(reason);
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("locked") || lower.contains("busy")) {
            return new UserException(
                    "the database "
                            + url.shown()
                            + " is locked by another process; end that one, or name another"
                            + " database with --db",
                    e);
        }
        if (lower.contains("no suitable driver")) {
            return new UserException(
                    "the database's address "
                            + url.shown()
                            + " is malformed; give jdbc:postgresql://HOST:PORT/NAME",
                    e);
        }
        if (lower.contains("not a database") || lower.contains("malformed")) {
            return new UserException(
                    url.shown() + " is no database, or damaged; move it away or restore a copy", e);
        }
        return new UserException("cannot use the database " + url.shown() + ": " + reason, e);
    }

    private static boolean any(Throwable thrown, Predicate<Throwable> kind) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .anyMatch(kind);
    }

    private static String all(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
    }

    /**
     * Returns whether {@code thrown} says that the database cannot be reached or written for now,
     * so that the same may succeed a moment later.
     */
    public static boolean away(Throwable thrown) {
        return sql(thrown).anyMatch(Dialect::away);
    }

    private static Stream<SQLException> sql(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast);
    }

    /** Returns the access to SQL. */
    public Jdbi jdbi() {
        return jdbi;
    }

    /** Returns the connections, for libraries with SQL of their own. */
    public DataSource source() {
        return source;
    }

    /** Returns the kind of this database. */
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public void close() {
        pool.close();
    }
}
