package dev.stanstudio.adapter;

import dev.stanstudio.datasets.UserException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Values given to modules by regular expressions, as PEFT reads {@code rank_pattern} and {@code
 * alpha_pattern}: the first expression that matches the whole path, or its tail after a dot, wins
 * (PEFT utils/other.py, get_pattern_key).
 */
public final class ModulePattern {
    private static final int LONGEST = 256;

    /** Far more looks at characters than any honest expression needs for a path. */
    private static final int PATIENCE = 1_000_000;

    private ModulePattern() {}

    /**
     * The value of the first pattern that matches {@code module}.
     *
     * @param origin where the patterns stand, for errors
     * @throws UserException if a pattern is no regular expression or takes too long
     */
    public static <V> Optional<V> find(String origin, Map<String, V> patterns, String module) {
        return patterns.entrySet().stream()
                .filter(entry -> matches(origin, entry.getKey(), module))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean matches(String origin, String pattern, String module) {
        if (pattern.length() > LONGEST || module.length() > LONGEST) {
            throw unusable(origin, pattern, "is too long to be matched", null);
        }
        try {
            return Pattern.compile("(.*\\.)?(" + pattern + ")")
                    .matcher(new Patient(module, new AtomicInteger(PATIENCE)))
                    .matches();
        } catch (PatternSyntaxException e) {
            throw unusable(origin, pattern, "is no regular expression", e);
        } catch (Impatience e) {
            throw unusable(origin, pattern, "takes too long to match", e);
        }
    }

    private static UserException unusable(
            String origin, String pattern, String why, @Nullable Throwable cause) {
        String shown = pattern.length() > 40 ? pattern.substring(0, 40) + "…" : pattern;
        String message = origin + ": pattern '" + shown + "' " + why;
        return cause == null ? new UserException(message) : new UserException(message, cause);
    }

    private static final class Impatience extends RuntimeException {
        Impatience() {
            super("too many steps", null, false, false);
        }
    }

    /** A text that ends the matching of an expression built to take forever. */
    private record Patient(CharSequence text, AtomicInteger left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (left.decrementAndGet() < 0) {
                throw new Impatience();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Patient(text.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
