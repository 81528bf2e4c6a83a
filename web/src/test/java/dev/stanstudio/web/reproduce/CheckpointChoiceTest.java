package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.PairedTest;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rule that names a saved state, on made-up scores. */
class CheckpointChoiceTest {
    private static final String METRIC = "csd_style";
    private static final double NORMAL_95 = 1.96;

    private static String column(int state) {
        return CheckpointGrid.column(state);
    }

    /** Scores [method][picture]; the first method is the model alone. */
    private static Result result(double[][] scores) {
        List<String> names = new ArrayList<>(List.of(CheckpointGrid.NONE));
        IntStream.range(1, scores.length).forEach(i -> names.add(column(i)));
        List<Result.Mean> means = new ArrayList<>();
        List<Result.Difference> differences = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            means.add(
                    new Result.Mean(
                            METRIC,
                            names.get(i),
                            null,
                            "pictures",
                            estimate(scores[i]),
                            null,
                            null,
                            null));
            for (int j = 0; j < i; j++) {
                double[] gaps = gaps(scores[i], scores[j]);
                differences.add(
                        new Result.Difference(
                                METRIC,
                                names.get(i),
                                names.get(j),
                                null,
                                estimate(gaps),
                                PairedTest.p(scores[i], scores[j]),
                                null));
            }
        }
        Definition metric = new Definition(METRIC, "", "", "larger", null, "", "", "", "fp32", "");
        Definition distance =
                new Definition("cmmd", "", "", "smaller", null, "", "", "", "fp32", "");
        return new Result(
                "",
                List.of(),
                1,
                Map.of(),
                new Result.Interval(0.95, "", "", 1, 0),
                List.of(metric, distance),
                null,
                means,
                differences,
                List.of(),
                Map.of(),
                List.of());
    }

    private static double[] gaps(double[] one, double[] other) {
        return IntStream.range(0, one.length).mapToDouble(i -> one[i] - other[i]).toArray();
    }

    private static Estimate estimate(double[] values) {
        double mean =
                IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum() / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double half = NORMAL_95 * Math.sqrt(squares / (values.length - 1) / values.length);
        return new Estimate(mean, values.length, mean - half, mean + half);
    }

    private static List<String> columns(int states) {
        return IntStream.rangeClosed(1, states).mapToObj(CheckpointChoiceTest::column).toList();
    }

    @Test
    void theEarliestStateThatIsNotWorseIsNamed() {
        double[] noise = {0.1, -0.1, 0.2, -0.2, 0.05, -0.05, 0.15, -0.15};
        double[][] scores = new double[5][noise.length];
        double[] means = {0, 0.3, 0.9, 1, 0.5};
        for (int i = 0; i < means.length; i++) {
            for (int n = 0; n < noise.length; n++) {
                scores[i][n] = means[i] + (i % 2 == 0 ? noise[n] : -noise[n]);
            }
        }
        CheckpointChoice choice = CheckpointChoice.of(result(scores), columns(4), null);
        assertEquals(column(3), choice.best());
        assertEquals(column(2), choice.chosen(), "0.1 apart, within the noise of the pairs");
        assertTrue(choice.isBetterThanNone());
    }

    @Test
    void aMetricThatCannotDecideIsRefused() {
        Result result = result(new double[][] {{0, 1, 2, 3, 4, 5}, {1, 2, 3, 4, 5, 6}});
        for (String metric : List.of("cmmd", "beauty")) {
            UserException refused =
                    assertThrows(
                            UserException.class,
                            () -> CheckpointChoice.of(result, columns(1), metric));
            assertEquals(metric + " cannot decide; take one of csd_style", refused.getMessage());
        }
    }

    /** The state was chosen among eight, so its own test alone would err more often than 5 %. */
    @Test
    void eightStatesWithoutEffectAreSeldomCalledBetter() {
        Random random = new Random(5);
        int experiments = 600;
        int wrong = 0;
        int alone = 0;
        for (int e = 0; e < experiments; e++) {
            double[][] scores = new double[9][24];
            for (double[] row : scores) {
                for (int n = 0; n < row.length; n++) {
                    row[n] = random.nextGaussian();
                }
            }
            CheckpointChoice choice = CheckpointChoice.of(result(scores), columns(8), null);
            assertFalse(choice.chosen().compareTo(choice.best()) > 0, "never after the best");
            Double p = choice.p();
            wrong += choice.isBetterThanNone() ? 1 : 0;
            alone += p != null && p < 0.05 * 8 ? 1 : 0;
        }
        assertTrue(wrong <= 0.05 * experiments, wrong + " of " + experiments);
        assertTrue(alone > wrong, "the factor matters: " + alone);
    }
}
