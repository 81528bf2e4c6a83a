package dev.stanstudio.scoring.spark;

import dev.stanstudio.base.UserException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the causes of Spark's exceptions. */
final class Causes {
    private static final int MOST = 300;

    /** The master gives up when ten executors in a row have ended at once. */
    private static final String NEVER_STARTED = "Master removed our application";

    private Causes() {}

    /** Returns the program's own exception among the causes, if there is one. */
    static Optional<UserException> own(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserException own) {
                return Optional.of(own);
            }
        }
        return Optional.empty();
    }

    /** Returns the deepest cause in one line; Spark appends whole stack traces to messages. */
    static String inOneLine(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        String line = text.lines().map(String::strip).findFirst().orElse("");
        if (text.contains(NEVER_STARTED)) {
            return "its executors could not start; the logs of the workers say why";
        }
        String named = line.isEmpty() || line.equals("null") ? cause.getClass().getName() : line;
        return named.length() > MOST ? named.substring(0, MOST) + "…" : named;
    }
}
