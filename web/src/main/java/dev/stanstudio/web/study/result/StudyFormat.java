package dev.stanstudio.web.study.result;

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

/** Numbers as people read them, for templates. */
public final class StudyFormat {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private StudyFormat() {}

    /** A share: {@code 92.1 %}. */
    public static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "–";
    }

    /** An interval of a share: {@code [89.4, 94.2]}. */
    public static String percent(Interval interval) {
        return interval.known()
                ? String.format(
                        Locale.ROOT, "[%.1f, %.1f]", 100 * interval.low(), 100 * interval.high())
                : "–";
    }

    /** A number with two digits; a dash where there is none. */
    public static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : "–";
    }

    /** An interval with two digits. */
    public static String number(Interval interval) {
        return interval.known()
                ? String.format(Locale.ROOT, "[%.2f, %.2f]", interval.low(), interval.high())
                : "–";
    }

    /** A coefficient that may be undefined. */
    public static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "undefined";
    }

    /** A whole number. */
    public static String whole(double value) {
        return Double.isFinite(value) ? Long.toString(Math.round(value)) : "–";
    }

    /** A p-value: {@code 0.034}, {@code < 0.001}. */
    public static String p(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** A moment. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** The verdict of a comparison as a sentence. */
    public static String sentence(Comparison c) {
        if (c.decisive() == 0) {
            return "Nobody preferred " + c.leader() + " or " + c.other() + " yet.";
        }
        if (c.headline().basis() == Headline.Basis.SEQUENCE && c.headline().raters() == 0) {
            return "No verdict between "
                    + c.leader()
                    + " and "
                    + c.other()
                    + ": no rater of a sequence has answered yet.";
        }
        String found =
                c.headline().basis() == Headline.Basis.SEQUENCE
                        ? " by the mean score of " + watched(c)
                        : " in " + c.wins() + " of " + votes(c) + share(c);
        return c.decided()
                ? c.leader() + " was preferred to " + c.other() + found + "."
                : "No verdict between "
                        + c.leader()
                        + " and "
                        + c.other()
                        + ": "
                        + c.leader()
                        + (c.headline().basis() == Headline.Basis.SEQUENCE
                                ? " leads"
                                : " was preferred")
                        + found
                        + why(c);
    }

    private static String votes(Comparison c) {
        return c.decisive()
                + (c.decisive() == 1 ? " decisive vote" : " decisive votes")
                + " by "
                + raters(c.headline().raters());
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
        return raters(headline.raters())
                + ", "
                + percent(headline.share())
                + " "
                + percent(headline.interval())
                + ", any-time p "
                + p(headline.p())
                + " ("
                + c.wins()
                + " of "
                + c.decisive()
                + " decisive votes of all)";
    }

    private static String raters(int count) {
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

    /** Returns words for how little the verdict hangs on. */
    public static String fragility(Comparison c) {
        if (!c.decided()) {
            return "open";
        }
        String reversed = c.fragility().changedUntilReversed() + " votes changed to reverse";
        return c.headline().basis() == Headline.Basis.SEQUENCE
                ? reversed
                : raters(c.fragility().ratersUntilOpen()) + " missing to open, " + reversed;
    }

    /** Words for an interval that has too few raters. */
    public static final String FEW =
            "A dash stands where there are fewer than "
                    + SignFlips.LEAST
                    + " raters: with so few, no outcome could be told from chance at 5 %, so there"
                    + " is no interval and no verdict.";

    /** Returns whether some comparison has too few raters for an interval. */
    public static boolean few(QuestionResult question) {
        return question.comparisons().stream().anyMatch(c -> !c.headline().interval().known());
    }

    /** Whether votes on this question were cast at all. */
    public static boolean any(QuestionResult question) {
        return question.votes() > 0;
    }

    /** Where a share stands on the charts' axis, in their units. */
    public static String at(double share) {
        return String.format(
                Locale.ROOT, "%.1f", 180 + 500 * (Double.isFinite(share) ? share : 0.5));
    }

    /** Raters by the names under which the report lists them. */
    public static String raters(List<Integer> slots) {
        return slots.stream().map(slot -> "R" + (slot + 1)).collect(Collectors.joining(", "));
    }

    /** A length of time, in the unit that suits it. */
    public static String duration(Duration duration) {
        if (duration.toMinutes() < 2) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() < 2 ? duration.toMinutes() + " min" : duration.toHours() + " h";
    }
}
