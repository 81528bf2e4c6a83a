package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The distribution that stochastic samplers leave behind. Latents are written as weights of
 * independent variables: the picture, the initial noise and the noise of every step; as models here
 * are linear in the latents, the sum of squares is the variance.
 */
class StochasticSamplerTest {
    private static final double DATA_DEVIATION = 0.5;

    private interface Model {
        /** Velocity of one component. */
        double velocity(int component, double x, double sigma);
    }

    private interface Check {
        void after(double sigma, float[] latents);
    }

    private static float[] run(SigmaTable table, float[] start, Model model, Check check) {
        FloatMath math = new FloatMath(false);
        float[] latents = start;
        try (Sampler<float[]> sampler = table.sampler(0, math, Noises.independent(2, math))) {
            for (int call = 0; call < sampler.modelCalls(); call++) {
                float[] velocity = new float[latents.length];
                for (int i = 0; i < velocity.length; i++) {
                    velocity[i] = (float) model.velocity(i, latents[i], sampler.sigma(call));
                }
                latents = sampler.step(call, latents, velocity);
                check.after(sampler.sigma(call + 1), latents);
            }
        }
        return latents;
    }

    private static double deviation(float[] weights, int from) {
        double squares = 0;
        for (int i = from; i < weights.length; i++) {
            squares += (double) weights[i] * weights[i];
        }
        return Math.sqrt(squares);
    }

    private static SigmaTable sd3(SamplerKind kind, int steps) {
        return SigmaTable.of(ScheduleConfig.SD3, kind, Spacing.steps(steps), 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"EULER_ANCESTRAL", "DPMPP_2M_SDE", "ER_SDE", "LCM"})
    void aKnownPictureKeepsItsShareAndTheNoiseItsLevelAfterEveryStep(SamplerKind kind) {
        for (int steps : new int[] {1, 2, 9, 30}) {
            SigmaTable table = sd3(kind, steps);
            float[] start = new float[steps + 2];
            start[0] = 1 - table.sigma(0);
            start[1] = table.sigma(0);
            float[] end =
                    run(
                            table,
                            start,
                            (i, x, sigma) -> (x - (i == 0 ? 1 : 0)) / sigma,
                            (sigma, latents) -> {
                                assertEquals(1 - sigma, latents[0], 2e-6);
                                assertEquals(sigma, deviation(latents, 1), 2e-6);
                            });
            assertEquals(0, deviation(end, 1), 1e-6);
        }
    }

    /** Data N(0, s²): latents of level σ are N(0, σ² + (1−σ)²s²). */
    @ParameterizedTest
    @CsvSource({"EULER_ANCESTRAL, 1", "DPMPP_2M_SDE, 2", "ER_SDE, 2"})
    void deviationOfGaussianDataConverges(SamplerKind kind, int order) {
        double coarse = gaussianError(kind, 40);
        double fine = gaussianError(kind, 80);
        double measured = Math.log(coarse / fine) / Math.log(2);
        System.out.printf(
                Locale.ROOT,
                "%s: deviation off by %.2e at 40 steps, %.2e at 80, order %.2f%n",
                kind,
                coarse,
                fine,
                measured);
        assertEquals(order, measured, 0.25);
        assertTrue(fine < 0.02, () -> "error " + fine);
    }

    private static double gaussianError(SamplerKind kind, int steps) {
        SigmaTable table = SamplerAccuracyTest.evenInLogSnr(kind, steps);
        DoubleUnaryOperator exact = sigma -> Math.hypot(sigma, (1 - sigma) * DATA_DEVIATION);
        float[] start = new float[steps + 2];
        start[1] = (float) exact.applyAsDouble(table.sigma(0));
        double[] error = {0};
        run(
                table,
                start,
                (i, x, sigma) -> SamplerAccuracyTest.gaussianFlow(x, sigma),
                (sigma, latents) -> {
                    if (sigma > 0) {
                        error[0] = Math.abs(deviation(latents, 0) - exact.applyAsDouble(sigma));
                    }
                });
        return error[0];
    }
}
