package dev.stanstudio.web.study.stats;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * The model of Bradley and Terry (1952): i beats j with probability 1 / (1 + exp(t_j − t_i)). The
 * treatments of ties give different strengths for the same votes, so a report names the one it
 * uses.
 */
public final class BradleyTerry {
    private BradleyTerry() {}

    /** The treatments of ties. */
    public enum Ties {
        /** They are left out. */
        DROPPED,
        /** Half a win for each, as arenas do. */
        HALF,
        /** Davidson (1970): a tie has weight ν √(π_i π_j) beside π_i and π_j. */
        DAVIDSON
    }

    /** The maximum of the likelihood; empty where it lies at infinity or is not unique. */
    public static Optional<Strengths> fit(PairCounts counts, Ties ties) {
        if (!exists(counts, ties)) {
            return Optional.empty();
        }
        return Optional.of(Strengths.of(model(counts, ties, 0).fit(), counts.size()));
    }

    /**
     * The maximum of the likelihood (ties as halves) less {@code alpha} Σ t², which always exists:
     * a normal prior of variance 1 / (2 alpha).
     */
    public static Strengths ridge(PairCounts counts, double alpha) {
        if (!(alpha > 0)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not above 0");
        }
        return Strengths.of(model(counts, Ties.HALF, alpha).fit(), counts.size());
    }

    private static boolean exists(PairCounts counts, Ties ties) {
        boolean some = counts.size() > 1 && counts.connected(ties != Ties.DROPPED);
        return some && (ties != Ties.DAVIDSON || anyTies(counts));
    }

    private static boolean anyTies(PairCounts counts) {
        return IntStream.range(0, counts.size())
                .anyMatch(i -> IntStream.range(0, i).anyMatch(j -> counts.ties(i, j) > 0));
    }

    private static ChoiceModel model(PairCounts counts, Ties ties, double alpha) {
        int n = counts.size();
        boolean davidson = ties == Ties.DAVIDSON;
        ChoiceModel model = new ChoiceModel(davidson ? n + 1 : n, n, alpha);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    double[][] alternatives = alternatives(n, i, j, davidson);
                    model.add(alternatives, 0, counts.points(i, j, ties == Ties.HALF));
                    if (davidson && i < j) {
                        model.add(alternatives, 2, counts.ties(i, j));
                    }
                }
            }
        }
        return model;
    }

    private static double[][] alternatives(int n, int i, int j, boolean davidson) {
        double[][] features = new double[davidson ? 3 : 2][davidson ? n + 1 : n];
        features[0][i] = 1;
        features[1][j] = 1;
        if (davidson) {
            features[2][i] = 0.5;
            features[2][j] = 0.5;
            features[2][n] = 1;
        }
        return features;
    }

    /**
     * Standard errors that hold even where the model does not: H⁺ G H⁺ with G = Σ (y − p)² a aᵀ,
     * for a fit with ties as halves.
     */
    public static List<Double> sandwichErrors(PairCounts counts, Strengths fit) {
        int n = counts.size();
        double[][] information = new double[n][n];
        double[][] squares = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double p = fit.winProbability(i, j);
                double wins = counts.wins(i, j);
                double losses = counts.wins(j, i);
                double ties = counts.ties(i, j);
                add(information, i, j, (wins + losses + ties) * p * (1 - p));
                add(
                        squares,
                        i,
                        j,
                        wins * (1 - p) * (1 - p) + losses * p * p + ties * (0.5 - p) * (0.5 - p));
            }
        }
        RealMatrix inverse = ChoiceModel.pseudoInverse(information);
        RealMatrix covariance =
                inverse.multiply(MatrixUtils.createRealMatrix(squares)).multiply(inverse);
        return IntStream.range(0, n).mapToObj(i -> Math.sqrt(covariance.getEntry(i, i))).toList();
    }

    private static void add(double[][] matrix, int i, int j, double weight) {
        matrix[i][i] += weight;
        matrix[j][j] += weight;
        matrix[i][j] -= weight;
        matrix[j][i] -= weight;
    }
}
