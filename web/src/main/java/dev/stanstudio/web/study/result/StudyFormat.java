package dev.stanstudio.web.study.result;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.SignFlips;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Formats numbers for pages and messages. */
public final class StudyFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** A mean of shares may miss one half by this much though it is one half. */
    private static final double ROUNDING = 1e-9;

    private StudyFormat() {}

    /** Formats a share: {@code 92.1 %}. */
    public static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "–";
    }

    /** Formats an interval of a share: {@code [89.4, 94.2]}. */
    public static String percent(Interval interval) {
        return interval.known()
                ? String.format(
                        Locale.ROOT, "[%.1f, %.1f]", 100 * interval.low(), 100 * interval.high())
                : "–";
    }

    /** Formats a number with two digits; a dash if there is none. */
    public static String number(double value) {
        return Double.isFinite(value) ? twoDigits(value) : "–";
    }

    /** A number that rounds to 0 has no sign. */
    private static String twoDigits(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.equals("-0.00") ? "0.00" : text;
    }

    /** Formats an interval with two digits. */
    public static String number(Interval interval) {
        return interval.known()
                ? "[%s, %s]".formatted(twoDigits(interval.low()), twoDigits(interval.high()))
                : "–";
    }

    /** Formats a coefficient that may be undefined. */
    public static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "undefined";
    }

    /** Formats a rounded number. */
    public static String whole(double value) {
        return Double.isFinite(value) ? Long.toString(Math.round(value)) : "–";
    }

    /** Formats a p-value: {@code 0.034}, {@code < 0.001}. */
    public static String p(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** Formats a moment. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** Returns the verdict of a comparison as a sentence. */
    public static String sentence(Comparison c) {
        String leader = MethodNames.quoted(c.leader());
        String other = MethodNames.quoted(c.other());
        if (c.decisive() == 0) {
            return "Nobody preferred %s or %s yet.".formatted(leader, other);
        }
        boolean sequence = c.headline().basis() == Headline.Basis.SEQUENCE;
        if (sequence && c.headline().raters() == 0) {
            return "No verdict between %s and %s: no rater of a sequence has answered yet."
                    .formatted(leader, other);
        }
        String found =
                sequence
                        ? " by the mean score of " + watched(c)
                        : " in %d of %s%s".formatted(c.wins(), votes(c), share(c));
        if (c.decided()) {
            return "%s was preferred to %s%s.".formatted(leader, other, found);
        }
        return "No verdict between %s and %s: %s%s%s"
                .formatted(leader, other, leads(c, leader), found, why(c));
    }

    private static String leads(Comparison c, String leader) {
        if (c.headline().basis() == Headline.Basis.SEQUENCE) {
            boolean even = Math.abs(c.headline().share() - 0.5) < ROUNDING;
            return even ? "neither leads" : leader + " leads";
        }
        return (c.wins() == c.losses() ? "each" : leader) + " was preferred";
    }

    private static String votes(Comparison c) {
        String noun = c.decisive() == 1 ? "decisive vote" : "decisive votes";
        return "%d %s by %s".formatted(c.decisive(), noun, raterCount(c.headline().raters()));
    }

    private static String share(Comparison c) {
        Headline headline = c.headline();
        String share = ", " + percent(headline.share());
        return headline.interval().known()
                ? share + " " + percent(headline.interval()) + ", p " + p(headline.adjusted())
                : share;
    }

    private static String watched(Comparison c) {
        Headline headline = c.headline();
        return "%s, %s %s, any-time p %s (%d of %d decisive votes of all)"
                .formatted(
                        raterCount(headline.raters()),
                        percent(headline.share()),
                        percent(headline.interval()),
                        p(headline.p()),
                        c.wins(),
                        c.decisive());
    }

    static String raterCount(int count) {
        return count + (count == 1 ? " rater" : " raters");
    }

    private static String why(Comparison c) {
        boolean known = c.headline().interval().known();
        return switch (c.headline().standing()) {
            case ASIDE -> "; these votes decide nothing.";
            case EARLY ->
                    known
                            ? "; nothing is decided before the number of votes that was fixed"
                                    + " beforehand is reached by raters who count."
                            : tooFew(c);
            case VERDICT -> known ? "." : tooFew(c);
        };
    }

    private static String tooFew(Comparison c) {
        return c.headline().basis() == Headline.Basis.SIGN_FLIPS
                ? "; an interval over raters needs " + SignFlips.LEAST + " of them or more."
                : ".";
    }

    /** Returns the fewest changes that would undo the verdict. */
    public static String fragility(Comparison c) {
        if (!c.decided()) {
            return "no verdict";
        }
        String reversed = c.fragility().changedUntilReversed() + " votes changed to reverse";
        return c.headline().basis() == Headline.Basis.SEQUENCE
                ? reversed
                : raterCount(c.fragility().ratersUntilOpen()) + " missing to open, " + reversed;
    }

    /** The explanation of a missing interval. */
    public static final String FEW =
            "A dash stands where there are fewer than "
                    + SignFlips.LEAST
                    + " raters: with so few, no outcome could be told from chance at 5 %, so there"
                    + " is no interval and no verdict.";

    /** Returns whether some comparison has too few raters for an interval. */
    public static boolean few(QuestionResult question) {
        return question.comparisons().stream().anyMatch(c -> !c.headline().interval().known());
    }

    /** Returns two methods, the leader first. */
    public static String pair(Comparison c) {
        return MethodNames.shown(c.leader()) + " › " + MethodNames.shown(c.other());
    }

    /** Returns the names of methods as a list in words. */
    public static String methods(List<String> names) {
        return names.stream().map(MethodNames::shown).collect(Collectors.joining(", "));
    }

    /** Returns whether this question has votes. */
    public static boolean any(QuestionResult question) {
        return question.votes() > 0;
    }

    /** Returns the position of a share on the charts' axis, in their units. */
    public static String at(double share) {
        return String.format(
                Locale.ROOT, "%.1f", 180 + 500 * (Double.isFinite(share) ? share : 0.5));
    }

    /** Returns the names of raters in the report. */
    public static String raters(List<Integer> slots) {
        return slots.stream().map(slot -> "R" + (slot + 1)).collect(Collectors.joining(", "));
    }

    /** Formats a duration in a unit of suitable size. */
    public static String duration(Duration duration) {
        if (duration.toMinutes() < 2) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() < 2 ? duration.toMinutes() + " min" : duration.toHours() + " h";
    }

    /** Returns a sentence that says which of several methods may be the best. */
    public static String maybeBest(QuestionResult question) {
        List<String> best = question.maybeBest().stream().map(MethodNames::quoted).toList();
        return best.size() == 1
                ? "The best of all is %s.".formatted(best.get(0))
                : best.size() == question.methods().size()
                        ? "Any of them may be the best of all."
                        : "The best of all may be %s; the others are not."
                                .formatted(String.join(" or ", best));
    }
}
