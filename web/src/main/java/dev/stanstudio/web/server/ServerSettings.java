package dev.stanstudio.web.server;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings for address, port and protection of the server.
 *
 * @param port 0 takes a free one
 * @param password what the studio's own pages ask for; empty for none, which only a server that
 *     nobody else reaches may have
 * @param tls the certificate to encrypt with, or null for plain HTTP
 * @param proxies addresses of proxies that are believed about who asks; none by default
 * @param verbose whether defects are shown with their stack traces
 */
public record ServerSettings(
        String host,
        int port,
        String password,
        @Nullable TlsSettings tls,
        List<String> proxies,
        boolean verbose) {
    /** The port that is asked for unless another is named. */
    public static final int DEFAULT_PORT = 8741;

    /** The shortest password that is accepted. */
    public static final int MIN_PASSWORD = 8;

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

    /** Checks port, password and proxies. */
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
        if (!password.isEmpty() && password.isBlank()) {
            throw new ArgumentException(
                    "the password in STUDIO_ADMIN_PASSWORD is nothing but blanks; choose another");
        }
        if (!password.isEmpty() && password.length() < MIN_PASSWORD) {
            throw new ArgumentException(
                    "the password in STUDIO_ADMIN_PASSWORD is shorter than "
                            + MIN_PASSWORD
                            + " characters; choose a longer one");
        }
        proxies = List.copyOf(proxies);
        for (String proxy : proxies) {
            if (NetworkAddress.literal(proxy).isEmpty()) {
                throw new ArgumentException(
                        "--trusted-proxy takes one address in numbers, as 10.0.0.2 or fd00::2, not"
                                + " '"
                                + proxy
                                + "'");
            }
        }
    }

    /** Plain HTTP, no proxy. */
    public ServerSettings(String host, int port, String password) {
        this(host, port, password, null, List.of(), false);
    }

    /** Returns whether only this machine reaches the server. */
    public boolean local() {
        return loopback(host);
    }

    /** Returns whether the studio's own pages ask for the password. */
    public boolean guarded() {
        return !password.isEmpty();
    }

    /** Returns whether the password crosses a network that others may listen on. */
    public boolean exposed() {
        return guarded() && tls == null && !local() && proxies.isEmpty();
    }

    static boolean loopback(String name) {
        return LOOPBACK.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The name in a Host header, without the port. */
    static String nameOf(@Nullable String host) {
        return Objects.requireNonNullElse(host, "").replaceFirst(":\\d+$", "");
    }

    @Override
    public String toString() {
        return "ServerSettings[" + host + ":" + port + "]"; // without the password
    }
}
