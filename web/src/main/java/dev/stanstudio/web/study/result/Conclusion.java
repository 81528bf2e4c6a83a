package dev.stanstudio.web.study.result;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.stats.RaterPower;
import java.util.List;
import java.util.Locale;

/** Says in one plain sentence what a comparison came to, for readers without statistics. */
public final class Conclusion {
    private static final double POWER = 0.8;
    private static final double LARGEST_SHARE = 0.99;

    /** Shares nearer to one half than this need more votes than anybody collects. */
    private static final double LEAST_DISTANCE = 0.01;

    private Conclusion() {}

    /** Returns a sentence for each comparison of a question. */
    public static List<String> of(QuestionResult question) {
        long open = question.comparisons().stream().filter(c -> !c.decided()).count();
        return question.comparisons().stream().map(c -> of(c, open)).toList();
    }

    /**
     * Returns the sentence of a comparison.
     *
     * @param open comparisons of the same table without a verdict
     */
    private static String of(Comparison c, long open) {
        String leader = MethodNames.quoted(c.leader());
        String other = MethodNames.quoted(c.other());
        if (c.decided()) {
            return "%s was preferred to %s, in %s of %s by %s."
                    .formatted(
                            leader,
                            other,
                            StudyFormat.percent(c.share()),
                            decisive(c),
                            StudyFormat.raterCount(c.headline().raters()));
        }
        if (c.decisive() == 0) {
            return "No vote tells %s from %s.".formatted(leader, other);
        }
        boolean early = c.headline().standing() == Headline.Standing.EARLY;
        return "%s %s from %s (%d : %d)%s."
                .formatted(
                        early ? "Ended too early to tell" : "Too few votes to tell",
                        leader,
                        other,
                        c.wins(),
                        c.losses(),
                        missing(c, open));
    }

    private static String decisive(Comparison c) {
        return c.decisive() == 1 ? "1 decisive vote" : c.decisive() + " decisive votes";
    }

    /** Says how many more votes would be enough, if the share of those so far is the true one. */
    private static String missing(Comparison c, long open) {
        boolean sequence = c.headline().basis() == Headline.Basis.SEQUENCE;
        double share = sequence ? c.headline().share() : c.share();
        if (Math.abs(share - 0.5) < LEAST_DISTANCE) {
            return ": they are even, so no number of votes is likely to";
        }
        int raters = Math.max(1, c.headline().raters());
        double each = Math.max(1, (double) c.decisive() / raters);
        int needed = sequence ? c.anytime().needed() : byPower(share, each, open);
        if (needed >= RaterPower.MOST) {
            return ": the difference is too small for any study of this kind";
        }
        if (needed <= raters) {
            return c.headline().standing() == Headline.Standing.EARLY
                    ? ""
                    : ": voters differ more among themselves than so small a number allows";
        }
        int more = needed - raters;
        return ": about %s more votes by %s would, if the share stays %s"
                .formatted(
                        rounded(more * each),
                        more == 1 ? "1 further voter" : more + " further voters",
                        StudyFormat.percent(share));
    }

    /** Holm's correction tests the clearest of the open comparisons at its part of the error. */
    private static int byPower(double share, double each, long open) {
        return new RaterPower(Math.min(LARGEST_SHARE, share), each, RaterPower.DEFAULT_CORRELATION)
                .raters(StoppingRule.DEFAULT_ALPHA / open, POWER);
    }

    /** Returns a number with two digits that mean something. */
    private static String rounded(double votes) {
        long unit = votes < 100 ? 1 : (long) Math.pow(10, Math.floor(Math.log10(votes)) - 1);
        return String.format(Locale.ROOT, "%d", Math.max(1, Math.round(votes / unit) * unit));
    }

    /** Returns the reasons why a result is not to be trusted, which stand above it. */
    public static List<String> warnings(StudyResult result, int planned) {
        String early =
                """
                The study was locked before its stopping rule was met: %d of %d votes counted \
                towards it, so nothing below is a verdict.\
                """
                        .formatted(result.towards(), planned);
        String nobody =
                """
                No voter passed the checks, so no vote counts and there is no verdict: see why \
                under Raters.\
                """;
        return List.of(
                        result.ending() == Ending.EARLY ? early : "",
                        result.nobodyPassed() ? nobody : "")
                .stream()
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
