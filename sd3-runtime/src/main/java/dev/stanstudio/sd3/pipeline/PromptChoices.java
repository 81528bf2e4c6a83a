package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the choices of prompts: one of {@code {a|b}}, a line of the wildcard {@code __name__}.
 * Choice n of a prompt depends on n and the seed alone, so that styles and methods of one seed show
 * the same, and so does the same prompt another day. Choices may stand within choices. A backslash
 * before one of <code>{ | } _</code> keeps it; braces without a bar are text. Thread-safe.
 */
public final class PromptChoices {
    private static final Pattern WILDCARD =
            Pattern.compile("__([A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*)__");
    private static final String KEPT = "{|}_";
    private static final int DEEPEST = 10;

    /** Keeps the choices of neighbouring seeds apart; an odd number. */
    private static final long SPREAD = 0x9E3779B97F4A7L;

    private static final int LONGEST = 20_000;

    private final Function<String, List<String>> wildcards;

    /**
     * Makes choices from these wildcards.
     *
     * @param wildcards gives the lines of a name; throws an {@link ArgumentException} for an
     *     unknown one
     */
    public PromptChoices(Function<String, List<String>> wildcards) {
        this.wildcards = wildcards;
    }

    /** Makes choices from braces; every wildcard is unknown. */
    public static PromptChoices withoutWildcards() {
        return new PromptChoices(
                name -> {
                    throw new ArgumentException(
                            "there are no wildcards here, so no __" + name + "__");
                });
    }

    /**
     * Returns the prompt that {@code seed} makes of {@code template}.
     *
     * @throws ArgumentException if a wildcard is unknown, empty or within itself
     */
    public String made(String template, long seed) {
        return new Making(seed).text(template, 0);
    }

    /** Returns the template that is made into {@code text} whatever the seed. */
    public static String literal(String text) {
        StringBuilder escaped = new StringBuilder();
        Matcher wildcard = WILDCARD.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean special =
                    c == '{'
                            || (c == '\\' && isKept(text, i + 1))
                            || wildcard.region(i, text.length()).lookingAt();
            escaped.append(special ? "\\" : "").append(c);
        }
        return escaped.toString();
    }

    private static boolean isKept(String text, int at) {
        return at < text.length()
                && (KEPT.indexOf(text.charAt(at)) >= 0 || text.charAt(at) == '\\');
    }

    /** The choices of one prompt, numbered in the order in which they are met. */
    private final class Making {
        private final long seed;
        private int choices;

        Making(long seed) {
            this.seed = seed;
        }

        String text(String template, int depth) {
            if (depth > DEEPEST) {
                throw new ArgumentException(
                        "the choices of a prompt lie more than %d deep; does a wildcard hold itself?"
                                .formatted(DEEPEST));
            }
            StringBuilder made = new StringBuilder();
            int at = 0;
            while (at < template.length()) {
                at = step(template, at, depth, made);
                if (made.length() > LONGEST) {
                    throw new ArgumentException(
                            "the choices of a prompt make more than %d characters"
                                    .formatted(LONGEST));
                }
            }
            return made.toString();
        }

        /** Makes what stands at {@code at}, and returns where the next begins. */
        private int step(String template, int at, int depth, StringBuilder made) {
            char c = template.charAt(at);
            if (c == '\\' && isKept(template, at + 1)) {
                made.append(template.charAt(at + 1));
                return at + 2;
            }
            Matcher wildcard = WILDCARD.matcher(template).region(at, template.length());
            if (c == '_' && wildcard.lookingAt()) {
                made.append(text(picked(wildcards.apply(wildcard.group(1))), depth + 1));
                return wildcard.end();
            }
            Braces braces = c == '{' ? Braces.at(template, at) : null;
            if (braces != null && braces.parts().size() > 1) {
                made.append(text(picked(braces.parts()), depth + 1));
                return braces.end();
            }
            made.append(c);
            return at + 1;
        }

        private String picked(List<String> from) {
            int number = choices++;
            long start = seed * SPREAD + number;
            return from.get(new SplittableRandom(start).nextInt(from.size()));
        }
    }

    /**
     * Holds the parts between the bars of a pair of braces.
     *
     * @param end index behind the closing brace
     */
    private record Braces(List<String> parts, int end) {
        /** Returns the braces that open at {@code open}, or null where nothing closes them. */
        static @Nullable Braces at(String text, int open) {
            List<String> parts = new ArrayList<>();
            int depth = 0;
            int from = open + 1;
            for (int i = open; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\' && isKept(text, i + 1)) {
                    i++;
                } else if (c == '{') {
                    depth++;
                } else if (c == '|' && depth == 1) {
                    parts.add(text.substring(from, i).strip());
                    from = i + 1;
                } else if (c == '}' && --depth == 0) {
                    parts.add(text.substring(from, i).strip());
                    return new Braces(parts, i + 1);
                }
            }
            return null;
        }
    }
}
