package dev.stanstudio.base.command;

import java.util.List;
import java.util.Locale;

/** Takes secrets out of the environment that a process which this one starts inherits. */
public final class ChildEnvironment {
    /** Parts of the names of variables that hold secrets. */
    private static final List<String> SECRETS =
            List.of("PASSWORD", "PASSWD", "TOKEN", "SECRET", "CREDENTIAL", "API_KEY", "ACCESS_KEY");

    private ChildEnvironment() {}

    /** Removes every variable that names a database or holds a secret; returns {@code builder}. */
    public static ProcessBuilder withoutSecrets(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(ChildEnvironment::isSecret);
        return builder;
    }

    private static boolean isSecret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return name.startsWith("STUDIO_DB") || SECRETS.stream().anyMatch(upper::contains);
    }
}
