package dev.stanstudio.web.study.stats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The interval of a share whose votes are alike within raters and within prompts, for a claim about
 * further raters and further prompts. Its variance is that over raters, plus that over prompts,
 * less that over both together (Cameron, Gelbach and Miller, 2011), each with the factor G / (G −
 * 1) and never below the larger of the first two; the quantile is Student's with one degree of
 * freedom fewer than there are raters or prompts, whichever are fewer.
 */
public final class TwoWayClusters {
    private TwoWayClusters() {}

    /** A vote; {@code won} is 1 or 0. */
    public record Vote(int rater, int prompt, double won) {}

    /** The interval; {@link Interval#NONE} with one rater or one prompt. */
    public static Interval interval(List<Vote> votes, double confidence) {
        double share = votes.stream().mapToDouble(Vote::won).average().orElse(Double.NaN);
        Map<Integer, Double> raters = new HashMap<>();
        Map<Integer, Double> prompts = new HashMap<>();
        Map<List<Integer>, Double> both = new HashMap<>();
        for (Vote vote : votes) {
            double residual = (vote.won() - share) / votes.size();
            raters.merge(vote.rater(), residual, Double::sum);
            prompts.merge(vote.prompt(), residual, Double::sum);
            both.merge(List.of(vote.rater(), vote.prompt()), residual, Double::sum);
        }
        int fewest = Math.min(raters.size(), prompts.size());
        if (fewest < 2) {
            return Interval.NONE;
        }
        double overRaters = variance(raters);
        double overPrompts = variance(prompts);
        double variance =
                Math.max(
                        overRaters + overPrompts - variance(both),
                        Math.max(overRaters, overPrompts));
        double half =
                new TDistribution(fewest - 1.0).inverseCumulativeProbability(0.5 + confidence / 2)
                        * Math.sqrt(variance);
        return new Interval(Math.max(0, share - half), Math.min(1, share + half));
    }

    private static double variance(Map<?, Double> sums) {
        double groups = sums.size();
        double squares = 0;
        for (Double sum : sums.values()) {
            squares += Objects.requireNonNull(sum) * sum;
        }
        return squares * groups / (groups - 1);
    }
}
