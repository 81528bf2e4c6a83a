package dev.stanstudio.web.database;

import com.zaxxer.hikari.HikariConfig;
import java.util.Map;

/** What differs between the databases. */
public enum Dialect {
    /** One file; one writer at a time. */
    SQLITE(4, "INTEGER PRIMARY KEY AUTOINCREMENT", ""),
    /** A server that several machines share. */
    POSTGRESQL(8, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " FOR SHARE");

    private static final String BUSY_MILLIS = "5000";

    private final int connections;
    private final String serial;
    private final String forShare;

    Dialect(int connections, String serial, String forShare) {
        this.connections = connections;
        this.serial = serial;
        this.forShare = forShare;
    }

    static Dialect of(String url) {
        return url.startsWith("jdbc:postgresql:") ? POSTGRESQL : SQLITE;
    }

    /**
     * What to append to a SELECT so that its rows stay as they are until the transaction ends.
     * SQLite needs nothing: whoever writes is alone.
     */
    public String forShare() {
        return forShare;
    }

    /** As {@link #forShare}, so that nobody else may even keep them: they are about to go. */
    public String forUpdate() {
        return forShare.isEmpty() ? "" : " FOR UPDATE";
    }

    /** Placeholders of the migrations. */
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
        if (this == SQLITE) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", BUSY_MILLIS);
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        }
    }
}
