package dev.stanstudio.web.home;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A circuit breaker before a connection pool. While the database is known to be away it refuses at
 * once and lets one caller try from time to time, so that requests do not pile up behind the pool.
 * Thread-safe.
 */
final class Circuit implements DataSource {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final DataSource pool;
    private boolean away;
    private boolean looking;
    private long looked;

    Circuit(DataSource pool) {
        this.pool = pool;
    }

    @Override
    public Connection getConnection() throws SQLException {
        enter();
        try {
            Connection connection = pool.getConnection();
            leave(false);
            return connection;
        } catch (SQLTransientConnectionException e) {
            // Without a cause all connections are merely in use.
            leave(e.getCause() != null);
            throw e;
        } catch (SQLException | RuntimeException e) {
            leave(true);
            throw e;
        }
    }

    private synchronized void enter() throws SQLException {
        if (!away) {
            return;
        }
        if (looking || System.nanoTime() - looked < PAUSE.toNanos()) {
            throw new SQLTransientConnectionException("the database does not answer", "08001");
        }
        looking = true;
    }

    private synchronized void leave(boolean failed) {
        away = failed;
        looking = false;
        looked = System.nanoTime();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("connections have the pool's user");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
