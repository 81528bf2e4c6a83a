package dev.stanstudio.adapter.kind;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.stanstudio.base.LruCache;
import dev.stanstudio.base.UserException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values given to modules by regular expressions, as PEFT reads {@code rank_pattern} and {@code
 * alpha_pattern}: the first expression that matches the whole path, or its tail after a dot, wins
 * (PEFT utils/other.py, get_pattern_key). Expressions are run by RE2/J in time linear in the path,
 * so that none can hang; what only a backtracking engine can do (looking around, references back)
 * is refused.
 */
public final class ModulePattern {
    private static final int LONGEST = 256;

    /**
     * A limit that PEFT's own configurations stay far below: one entry for every module of a model.
     */
    private static final int MOST = 4096;

    /** Characters of all expressions that are more than a path, each as often as it is repeated. */
    private static final long LARGEST = 20_000;

    /** Copies that counted repetitions make of what they repeat. */
    private static final int MOST_COPIES = 100;

    private static final int KEPT = 512;

    private static final LruCache<String, Pattern> COMPILED = new LruCache<>(KEPT);

    private static final java.util.regex.Pattern COUNTED =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    /** Paths and their ends, in which a dot, as in any expression, stands for any character. */
    private static final java.util.regex.Pattern PATH =
            java.util.regex.Pattern.compile("[A-Za-z0-9_.]+");

    private ModulePattern() {}

    /**
     * Makes sure that every pattern can be matched.
     *
     * @param origin where the patterns stand, for errors
     * @throws UserException if there are too many, or one is no regular expression, is too long or
     *     too large, or needs what no linear engine does
     */
    public static void require(String origin, Map<String, ?> patterns) {
        if (patterns.size() > MOST) {
            throw new UserException(
                    "%s: %d patterns are more than the %d that are read"
                            .formatted(origin, patterns.size(), MOST));
        }
        long size = 0;
        for (String pattern : patterns.keySet()) {
            if (pattern.length() > LONGEST) {
                throw unusable(origin, pattern, "is too long to be matched", null);
            }
            if (!isPath(pattern)) {
                size += pattern.length() * copies(origin, pattern);
                compile(origin, pattern);
            }
            if (size > LARGEST) {
                throw new UserException(
                        origin + ": its regular expressions are too many to be matched");
            }
        }
    }

    /**
     * The value of the first pattern that matches {@code module}.
     *
     * @param origin where the patterns stand, for errors
     * @throws UserException if a pattern cannot be matched, as {@link #require} states
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
        if (isPath(pattern)) {
            return endsWith(module, pattern);
        }
        return compile(origin, pattern).matcher(module).matches();
    }

    private static boolean isPath(String pattern) {
        return PATH.matcher(pattern).matches();
    }

    /** Matches as {@code (.*\.)?(path)} does, where {@code .} is any character. */
    private static boolean endsWith(String module, String path) {
        int from = module.length() - path.length();
        if (from < 0 || (from > 0 && module.charAt(from - 1) != '.')) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) != '.' && path.charAt(i) != module.charAt(from + i)) {
                return false;
            }
        }
        return true;
    }

    private static Pattern compile(String origin, String pattern) {
        return COMPILED.get(
                pattern,
                unknown -> {
                    requireSameMeaning(origin, unknown);
                    copies(origin, unknown);
                    return compiled(origin, unknown);
                });
    }

    private static Pattern compiled(String origin, String pattern) {
        try {
            Pattern.compile(pattern);
            return Pattern.compile("(.*\\.)?(" + pattern + ")");
        } catch (PatternSyntaxException e) {
            throw unusable(
                    origin,
                    pattern,
                    "is no regular expression that can be matched in linear time ("
                            + e.getDescription()
                            + "); write it without looking around and without references back",
                    e);
        } catch (RuntimeException | StackOverflowError e) {
            throw unusable(origin, pattern, "is no regular expression", e);
        }
    }

    /** Refuses what RE2/J accepts and Python reads in another way. */
    private static void requireSameMeaning(String origin, String pattern) {
        if (pattern.contains("{,")) {
            throw unusable(origin, pattern, "counts from nothing; write {0,n} for {,n}", null);
        }
        if (pattern.contains("[:") || pattern.contains("\\Q") || pattern.contains("\\C")) {
            throw unusable(origin, pattern, "has a form that Python reads in another way", null);
        }
    }

    /** Returns the most copies that the engine makes of an expression in nested repetitions. */
    private static long copies(String origin, String pattern) {
        long copies = 1;
        java.util.regex.Matcher counted = COUNTED.matcher(pattern);
        while (counted.find()) {
            String upper = counted.group(2);
            String most = upper == null || upper.isEmpty() ? counted.group(1) : upper;
            copies *= Math.max(1, Long.parseLong(most));
            if (copies > MOST_COPIES) {
                throw unusable(origin, pattern, "repeats too often to be matched", null);
            }
        }
        return copies;
    }

    private static UserException unusable(
            String origin, String pattern, String why, @Nullable Throwable cause) {
        String shown = pattern.length() > 40 ? pattern.substring(0, 40) + "…" : pattern;
        String message = "%s: pattern '%s' %s".formatted(origin, shown, why);
        return cause == null ? new UserException(message) : new UserException(message, cause);
    }
}
