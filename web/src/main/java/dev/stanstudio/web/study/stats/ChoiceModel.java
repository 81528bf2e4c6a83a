package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * Conditional logit (McFadden, 1974): of several alternatives with features x, one is chosen with
 * probability exp(θ·x) / Σ exp(θ·x'). Bradley–Terry, Davidson, Luce and Plackett–Luce are all of
 * this form. Fitted by Newton's method, which the concave likelihood lets converge from 0; a
 * direction that no observation speaks about stays 0.
 */
final class ChoiceModel {
    private static final int MAX_STEPS = 200;
    private static final double CONVERGED = 1e-11;
    private static final double RANK_TOLERANCE = 1e-11;

    private final int dimension;
    private final int penalized;
    private final double alpha;
    private final List<Observation> observations = new ArrayList<>();

    /**
     * @param penalized the first so many parameters cost {@code alpha} times their square
     */
    ChoiceModel(int dimension, int penalized, double alpha) {
        this.dimension = dimension;
        this.penalized = penalized;
        this.alpha = alpha;
    }

    /** {@code alternatives} is [number of alternatives][dimension]. */
    void add(double[][] alternatives, int chosen, double weight) {
        if (weight > 0) {
            observations.add(new Observation(alternatives, chosen, weight));
        }
    }

    Fit fit() {
        double[] theta = new double[dimension];
        double value = logLikelihood(theta);
        for (int step = 0; step < MAX_STEPS; step++) {
            Slopes slopes = slopes(theta);
            double[] move = pseudoInverse(slopes.information).operate(slopes.gradient);
            double largest = largest(move);
            double scale = 1;
            double[] next = moved(theta, move, scale);
            double reached = logLikelihood(next);
            while (reached < value && scale > 1e-8) {
                scale /= 2;
                next = moved(theta, move, scale);
                reached = logLikelihood(next);
            }
            if (reached >= value) {
                theta = next;
                value = reached;
            }
            if (largest * scale < CONVERGED || reached < value) {
                break;
            }
        }
        return new Fit(theta, value, pseudoInverse(slopes(theta).information));
    }

    private double logLikelihood(double[] theta) {
        double sum = 0;
        for (Observation o : observations) {
            double[] scores = o.scores(theta);
            sum += o.weight * (scores[o.chosen] - logSumExp(scores));
        }
        for (int i = 0; i < penalized; i++) {
            sum -= alpha * theta[i] * theta[i];
        }
        return sum;
    }

    private Slopes slopes(double[] theta) {
        Slopes slopes = new Slopes(dimension);
        for (Observation o : observations) {
            o.accumulate(theta, slopes);
        }
        for (int i = 0; i < penalized; i++) {
            slopes.gradient[i] -= 2 * alpha * theta[i];
            slopes.information[i][i] += 2 * alpha;
        }
        return slopes;
    }

    /** The Moore–Penrose inverse of a symmetric matrix. */
    static RealMatrix pseudoInverse(double[][] symmetric) {
        int n = symmetric.length;
        EigenDecompositionSymmetric eigen =
                new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(symmetric));
        double[] values = eigen.getEigenvalues();
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        RealMatrix inverse = MatrixUtils.createRealMatrix(n, n);
        for (int i = 0; i < n; i++) {
            if (Math.abs(values[i]) > RANK_TOLERANCE * largest) {
                RealMatrix outer = eigen.getEigenvector(i).outerProduct(eigen.getEigenvector(i));
                inverse = inverse.add(outer.scalarMultiply(1 / values[i]));
            }
        }
        return inverse;
    }

    private static double[] moved(double[] theta, double[] move, double scale) {
        double[] next = theta.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] += scale * move[i];
        }
        return next;
    }

    private static double largest(double[] move) {
        double largest = 0;
        for (double m : move) {
            largest = Math.max(largest, Math.abs(m));
        }
        return largest;
    }

    private static double logSumExp(double[] scores) {
        double top = Double.NEGATIVE_INFINITY;
        for (double s : scores) {
            top = Math.max(top, s);
        }
        double sum = 0;
        for (double s : scores) {
            sum += Math.exp(s - top);
        }
        return top + Math.log(sum);
    }

    /** Parameters, the (penalized) log-likelihood there, and the parameters' covariance. */
    static final class Fit {
        final double[] theta;
        final double logLikelihood;
        final RealMatrix covariance;

        Fit(double[] theta, double logLikelihood, RealMatrix covariance) {
            this.theta = theta;
            this.logLikelihood = logLikelihood;
            this.covariance = covariance;
        }
    }

    private static final class Slopes {
        final double[] gradient;
        final double[][] information;

        Slopes(int dimension) {
            gradient = new double[dimension];
            information = new double[dimension][dimension];
        }
    }

    private static final class Observation {
        final double[][] alternatives;
        final int chosen;
        final double weight;

        Observation(double[][] alternatives, int chosen, double weight) {
            this.alternatives = alternatives;
            this.chosen = chosen;
            this.weight = weight;
        }

        double[] scores(double[] theta) {
            double[] scores = new double[alternatives.length];
            for (int a = 0; a < scores.length; a++) {
                for (int i = 0; i < theta.length; i++) {
                    scores[a] += alternatives[a][i] * theta[i];
                }
            }
            return scores;
        }

        void accumulate(double[] theta, Slopes slopes) {
            double[] scores = scores(theta);
            double log = logSumExp(scores);
            double[] mean = new double[theta.length];
            for (int a = 0; a < scores.length; a++) {
                double p = Math.exp(scores[a] - log);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += p * alternatives[a][i];
                }
            }
            for (int i = 0; i < mean.length; i++) {
                slopes.gradient[i] += weight * (alternatives[chosen][i] - mean[i]);
            }
            for (int a = 0; a < scores.length; a++) {
                double p = weight * Math.exp(scores[a] - log);
                for (int i = 0; i < mean.length; i++) {
                    double di = alternatives[a][i] - mean[i];
                    for (int j = 0; j < mean.length; j++) {
                        slopes.information[i][j] += p * di * (alternatives[a][j] - mean[j]);
                    }
                }
            }
        }
    }
}
