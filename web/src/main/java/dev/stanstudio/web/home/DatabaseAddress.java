package dev.stanstudio.web.home;

import dev.stanstudio.base.ArgumentException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a database, which may hold a password that is never shown.
 *
 * @param url as JDBC takes it
 */
record DatabaseAddress(String url) {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Pattern ACCOUNT = Pattern.compile("//[^/\\s]*@");
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:ssl)?passw(?:or)?d|pwd)=[^&;\\s]*");

    /** Refuses databases without a dialect. */
    DatabaseAddress {
        if (!url.startsWith(SQLITE) && !url.startsWith(POSTGRESQL)) {
            throw new ArgumentException(
                    "--db "
                            + shown(url)
                            + " is no database the studio knows; give jdbc:postgresql://HOST/NAME"
                            + " or jdbc:sqlite:FILE");
        }
        if (url.startsWith(POSTGRESQL) && ACCOUNT.matcher(url).find()) {
            throw new ArgumentException(
                    "--db "
                            + shown(url)
                            + " names an account before the host, which JDBC does not take; write"
                            + " ?user=… behind the name, and the password into STUDIO_DB_PASSWORD");
        }
    }

    static DatabaseAddress ofFile(Path file) {
        return new DatabaseAddress(SQLITE + file);
    }

    /** Returns the file of an SQLite database; empty for others, and for those in memory. */
    Optional<Path> file() {
        String name = shown();
        boolean named =
                url.startsWith(SQLITE)
                        && !name.isEmpty()
                        && !name.startsWith(":")
                        && !name.startsWith("file:");
        try {
            return named ? Optional.of(Path.of(name)) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the address without account and parameters, which may hold a password. */
    String shown() {
        return shown(url);
    }

    private static String shown(String url) {
        String bare = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : url;
        int parameters = bare.indexOf('?');
        bare = parameters < 0 ? bare : bare.substring(0, parameters);
        return SECRET.matcher(ACCOUNT.matcher(bare).replaceAll("//")).replaceAll("$1=…");
    }

    /** Removes the address's secrets from {@code text}, which may quote it. */
    String scrubbed(String text) {
        String plain = text.replace(url, shown());
        return SECRET.matcher(ACCOUNT.matcher(plain).replaceAll("//")).replaceAll("$1=…");
    }

    @Override
    public String toString() {
        return shown();
    }
}
