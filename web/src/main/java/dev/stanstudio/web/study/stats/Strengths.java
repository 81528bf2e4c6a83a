package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Strengths of contestants on the logistic scale: centred at 0, and a difference d means odds of
 * exp(d).
 *
 * @param standardErrors of the centred strengths
 * @param extra further parameters of the model: ln ν of Davidson's, the effects of the slots 1, 2,
 *     … against the first of Luce's
 */
public record Strengths(
        List<Double> logStrengths,
        List<Double> standardErrors,
        List<Double> extra,
        double logLikelihood) {
    private static final double ELO_BASE = 1000;
    private static final double ELO_SCALE = 400 / Math.log(10);

    /** Copies the lists. */
    public Strengths {
        logStrengths = List.copyOf(logStrengths);
        standardErrors = List.copyOf(standardErrors);
        extra = List.copyOf(extra);
    }

    static Strengths of(ChoiceModel.Fit fit, int contestants) {
        double mean = 0;
        for (int i = 0; i < contestants; i++) {
            mean += fit.theta[i] / contestants;
        }
        List<Double> strengths = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        List<Double> extra = new ArrayList<>();
        for (int i = 0; i < fit.theta.length; i++) {
            if (i < contestants) {
                strengths.add(fit.theta[i] - mean);
                errors.add(Math.sqrt(fit.covariance.getEntry(i, i)));
            } else {
                extra.add(fit.theta[i]);
            }
        }
        return new Strengths(strengths, errors, extra, fit.logLikelihood);
    }

    /** The strength on the scale of chess ratings: 1000 + 400 / ln 10 · strength. */
    public double elo(int i) {
        return ELO_BASE + ELO_SCALE * logStrengths.get(i);
    }

    /** The probability that {@code i} is preferred to {@code j} when neither ties. */
    public double winProbability(int i, int j) {
        return 1 / (1 + Math.exp(logStrengths.get(j) - logStrengths.get(i)));
    }

    /** The share of picks that each would get if all were shown at once. */
    public List<Double> shares() {
        double sum = logStrengths.stream().mapToDouble(Math::exp).sum();
        return logStrengths.stream().map(t -> Math.exp(t) / sum).toList();
    }
}
