package dev.stanstudio.web.home;

import com.zaxxer.hikari.HikariConfig;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.Set;
import org.sqlite.SQLiteException;

/** The differences between the databases. */
public enum Dialect {
    /** One file; one writer at a time. */
    SQLITE(4, 10_000, "INTEGER PRIMARY KEY AUTOINCREMENT", ""),
    /** A server that several machines share. */
    POSTGRESQL(8, 3_000, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " FOR SHARE");

    private static final int VALIDATION_MILLIS = 1_000;
    private static final Map<String, String> SERVER_TIMEOUTS =
            Map.of("connectTimeout", "3", "socketTimeout", "60", "tcpKeepAlive", "true");

    private static final String BUSY_MILLIS = "5000";

    /** Temporary errors of SQLite: busy, locked, read-only, I/O error, full, cannot open. */
    private static final Set<Integer> SQLITE_AWAY = Set.of(5, 6, 8, 10, 13, 14);

    /** Classes of temporary SQL states: no connection, no resources, shut down by the operator. */
    private static final Set<String> STATES_AWAY = Set.of("08", "53", "57");

    private final int connections;
    private final int waitMillis;
    private final String serial;
    private final String forShare;

    Dialect(int connections, int waitMillis, String serial, String forShare) {
        this.connections = connections;
        this.waitMillis = waitMillis;
        this.serial = serial;
        this.forShare = forShare;
    }

    /** Returns whether an error is temporary. */
    static boolean away(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return true;
        }
        if (e instanceof SQLiteException) {
            return SQLITE_AWAY.contains(e.getErrorCode() & 0xFF);
        }
        String state = e.getSQLState();
        return state != null && state.length() == 5 && STATES_AWAY.contains(state.substring(0, 2));
    }

    /** Limits the wait for a server that vanished silently. */
    private static void timeouts(HikariConfig config) {
        for (Map.Entry<String, String> timeout : SERVER_TIMEOUTS.entrySet()) {
            if (!config.getJdbcUrl().contains(timeout.getKey() + "=")) {
                config.addDataSourceProperty(timeout.getKey(), timeout.getValue());
            }
        }
    }

    static Dialect of(String url) {
        return url.startsWith("jdbc:postgresql:") ? POSTGRESQL : SQLITE;
    }

    /**
     * Returns the end of a SELECT that locks its rows until the transaction ends. SQLite needs
     * nothing: there is one writer at a time.
     */
    public String forShare() {
        return forShare;
    }

    /** Returns the end of a SELECT that locks its rows for deletion. */
    public String forUpdate() {
        return forShare.isEmpty() ? "" : " FOR UPDATE";
    }

    /** Returns the placeholders of the migrations. */
    Map<String, String> placeholders() {
        return Map.of("serial", serial);
    }

    /**
     * SQLite in WAL mode with full synchronization: a commit that returned survives the loss of
     * power. Transactions take the write lock when they begin, since one that has read cannot wait
     * for it.
     */
    void configure(HikariConfig config) {
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(waitMillis);
        if (this == SQLITE) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", BUSY_MILLIS);
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        } else {
            config.setValidationTimeout(VALIDATION_MILLIS);
            timeouts(config);
        }
    }
}
