package dev.stanstudio.web.server;

import dev.stanstudio.datasets.ArgumentException;
import java.util.List;
import java.util.Locale;

/**
 * Where the server listens.
 *
 * @param port 0 takes a free one
 * @param password what the studio's own pages ask for; empty for none, which only a server that
 *     nobody else reaches may have
 */
public record ServerSettings(String host, int port, String password) {
    /** The port that is asked for unless another is named. */
    public static final int DEFAULT_PORT = 8741;

    /** The shortest password that is accepted. */
    public static final int MIN_PASSWORD = 8;

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

    /** Checks port and password. */
    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw new ArgumentException("--port " + port + " is not between 0 and 65535");
        }
        if (password.isEmpty() && !loopback(host)) {
            throw new ArgumentException(
                    "--host "
                            + host
                            + " lets other machines in, so the studio's pages need a password; put"
                            + " one into the variable STUDIO_ADMIN_PASSWORD");
        }
        if (!password.isEmpty() && password.length() < MIN_PASSWORD) {
            throw new ArgumentException(
                    "the password in STUDIO_ADMIN_PASSWORD is shorter than "
                            + MIN_PASSWORD
                            + " characters; choose a longer one");
        }
    }

    /** Whether only this machine reaches the server. */
    public boolean local() {
        return loopback(host);
    }

    /** Whether the studio's own pages ask for the password. */
    public boolean guarded() {
        return !password.isEmpty();
    }

    static boolean loopback(String name) {
        return LOOPBACK.contains(name.toLowerCase(Locale.ROOT));
    }
}
