package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The methods against exact solutions and against their formulas in double precision. */
class SamplerAccuracyTest {
    private static final double DATA_DEVIATION = 0.5;

    private interface Field {
        double velocity(double x, double sigma);
    }

    private static double solve(SigmaTable table, Field field, double x) {
        return solve(table, table.modelCalls(), field, x);
    }

    private static double solve(SigmaTable table, int calls, Field field, double x) {
        try (Sampler<Double> sampler = table.sampler(0, new DoubleMath(), Noises.none())) {
            for (int call = 0; call < calls; call++) {
                x = sampler.step(call, x, field.velocity(x, sampler.sigma(call)));
            }
        }
        return x;
    }

    private static SigmaTable even(SamplerKind kind, int steps) {
        List<Double> sigmas =
                IntStream.range(0, steps).mapToObj(i -> 1 - (double) i / steps).toList();
        return SigmaTable.of(ScheduleConfig.DEFAULTS, kind, Spacing.sigmas(sigmas), 0);
    }

    private static SigmaTable sd3(SamplerKind kind, int steps) {
        return SigmaTable.of(ScheduleConfig.SD3, kind, Spacing.steps(steps), 0);
    }

    /** For data N(0, s²) the path from x(1) = 1 is x(σ) = √(σ² + (1−σ)²s²). */
    private static double gaussianPath(double sigma) {
        return Math.hypot(sigma, (1 - sigma) * DATA_DEVIATION);
    }

    /** The velocity whose paths are multiples of {@link #gaussianPath}. */
    static double gaussianFlow(double x, double sigma) {
        double s2 = DATA_DEVIATION * DATA_DEVIATION;
        double alpha = 1 - sigma;
        return (sigma - alpha * s2) / (sigma * sigma + alpha * alpha * s2) * x;
    }

    /** UniPC's corrector adds one to the order of its predictor. */
    @ParameterizedTest
    @CsvSource({"EULER, 1", "HEUN, 2", "DPMPP_2M, 2", "UNIPC, 3", "RES_MULTISTEP, 2"})
    void errorFallsWithTheOrderOfTheMethod(SamplerKind kind, int order) {
        double coarse = gaussianError(kind, 40);
        double fine = gaussianError(kind, 80);
        double measured = Math.log(coarse / fine) / Math.log(2);
        System.out.printf(
                Locale.ROOT,
                "%s: error %.2e at 40 steps, %.2e at 80, order %.2f%n",
                kind.label(),
                coarse,
                fine,
                measured);
        assertEquals(order, measured, 0.25);
        assertTrue(fine < 0.02, () -> "error " + fine);
    }

    /** The error on arrival at the last non-zero sigma. */
    private static double gaussianError(SamplerKind kind, int steps) {
        SigmaTable table = evenInLogSnr(kind, steps);
        int arrival = table.modelCalls() - 1;
        double start = gaussianPath(table.sigma(0));
        double end = solve(table, arrival, SamplerAccuracyTest::gaussianFlow, start);
        return Math.abs(end - gaussianPath(table.sigma(arrival)));
    }

    /** Even steps of λ from σ = 0.95 to 0.05, as the proofs want. */
    static SigmaTable evenInLogSnr(SamplerKind kind, int steps) {
        double first = lambda(0.95);
        double width = lambda(0.05) - first;
        List<Double> sigmas =
                IntStream.range(0, steps)
                        .mapToObj(i -> 1 / (1 + Math.exp(first + i * width / (steps - 1))))
                        .toList();
        return SigmaTable.of(ScheduleConfig.DEFAULTS, kind, Spacing.sigmas(sigmas), 0);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE", "ER_SDE", "LCM"})
    void straightPathsAreExact(SamplerKind kind) {
        double x0 = -0.7;
        double noise = 1.3;
        for (int steps : new int[] {1, 2, 3, 20}) {
            SigmaTable table = sd3(kind, steps);
            double first = table.sigma(0);
            double start = first * noise + (1 - first) * x0;
            assertEquals(x0, solve(table, (x, sigma) -> noise - x0, start), 1e-6);
        }
    }

    @Test
    void heunEqualsItsFormula() {
        for (int steps : new int[] {1, 2, 9}) {
            SigmaTable table = sd3(SamplerKind.HEUN, steps);
            double x = 0.8;
            for (int i = 0; i < steps; i++) {
                double here = table.sigma(2 * i);
                double next = table.sigma(2 * i + 1);
                double v = gaussianFlow(x, here);
                double predicted = x + (next - here) * v;
                double slope = next == 0 ? v : (v + gaussianFlow(predicted, next)) / 2;
                x += (next - here) * slope;
            }
            assertEquals(x, solve(table, SamplerAccuracyTest::gaussianFlow, 0.8), 1e-6);
        }
    }

    @Test
    void dpmpp2mEqualsItsFormula() {
        for (int steps : new int[] {1, 2, 9, 30}) {
            for (SigmaTable table :
                    List.of(sd3(SamplerKind.DPMPP_2M, steps), even(SamplerKind.DPMPP_2M, steps))) {
                double expected = dpmpp2m(table.sigmas(), 0.8);
                assertEquals(expected, solve(table, SamplerAccuracyTest::gaussianFlow, 0.8), 1e-6);
            }
        }
    }

    /** Algorithm 2 of DPM-Solver++ as printed; λ is −∞ at σ = 1 and ∞ at σ = 0. */
    private static double dpmpp2m(float[] table, double x) {
        double last = 0;
        int steps = table.length - 1;
        for (int i = 0; i < steps; i++) {
            double s = table[i];
            double t = table[i + 1];
            double denoised = x - s * gaussianFlow(x, s);
            double h = lambda(t) - lambda(s);
            double extrapolated = denoised;
            if (i > 0 && i < steps - 1) {
                double r = (lambda(s) - lambda(table[i - 1])) / h;
                extrapolated = (1 + 1 / (2 * r)) * denoised - 1 / (2 * r) * last;
            }
            x = t / s * x - (1 - t) * Math.expm1(-h) * extrapolated;
            last = denoised;
        }
        return x;
    }

    private static double lambda(double sigma) {
        return Math.log((1 - sigma) / sigma);
    }
}
