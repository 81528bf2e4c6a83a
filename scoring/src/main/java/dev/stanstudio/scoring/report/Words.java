package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names and numbers in words. */
final class Words {
    private static final double LEAST_P = 0.001;

    private Words() {}

    /** Joins names as {@code a, b and c}. */
    static String list(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    static String methods(List<String> methods) {
        return list(methods.stream().map(MethodNames::shown).toList());
    }

    static String count(long n, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : many);
    }

    static String pictures(long n) {
        return count(n, "picture", "pictures");
    }

    static String number(double value) {
        double size = Math.abs(value);
        int digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 || size == 0 ? 3 : 4;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Returns {@code 0.412 [0.398, 0.427]}. */
    static String number(Estimate e) {
        return e.low() == null || e.high() == null
                ? number(e.value())
                : "%s [%s, %s]".formatted(number(e.value()), number(e.low()), number(e.high()));
    }

    static String chance(@Nullable Double p) {
        if (p == null) {
            return "no p";
        }
        return p < LEAST_P ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", p);
    }
}
