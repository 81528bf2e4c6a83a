package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplerTest {
    private static SigmaTable sd3(SamplerKind kind, int steps) {
        return SigmaTable.of(ScheduleConfig.SD3, kind, Spacing.steps(steps), 0);
    }

    @Test
    void firstCallAtPureNoiseLeavesNoTraceInTheSecond() {
        SigmaTable table =
                SigmaTable.of(
                        ScheduleConfig.DEFAULTS,
                        SamplerKind.DPMPP_2M,
                        Spacing.sigmas(List.of(1.0, 0.6, 0.2)),
                        0);
        try (Sampler<Double> sampler = table.sampler(0, new DoubleMath(), Noises.none())) {
            double afterFirst = sampler.step(0, 2.0, 50.0);
            assertEquals(0.6 * 2 + 0.4 * (2 - 50), afterFirst, 1e-5);
            double afterSecond = sampler.step(1, 1.0, 0.5);
            assertEquals(1 + (0.2 - 0.6) * 0.5, afterSecond, 1e-6);
        }
    }

    @Test
    void aRunFromTheMiddleIsTheRestOfTheTable() {
        SigmaTable table = sd3(SamplerKind.HEUN, 8);
        try (Sampler<Double> sampler = table.sampler(5, new DoubleMath(), Noises.none())) {
            assertEquals(5, sampler.modelCalls());
            float[] timesteps = new float[5];
            List<Integer> steps = new ArrayList<>();
            for (int call = 0; call < 5; call++) {
                timesteps[call] = sampler.timestep(call);
                steps.add(sampler.schedulerStep(call));
            }
            float[] rest = Arrays.copyOfRange(table.timesteps(), 10, 15);
            assertArrayEquals(rest, timesteps);
            assertEquals(List.of(5, 5, 6, 6, 7), steps);
            assertEquals(0, sampler.sigma(5));
        }
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> table.sampler(8, new DoubleMath(), Noises.none()));
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void onlyReturnedLatentsOutliveTheSampler(SamplerKind kind) {
        SigmaTable table = sd3(kind, 4);
        for (int stopAfter = 0; stopAfter <= table.modelCalls(); stopAfter++) {
            var math = new FloatMath(false);
            float[] latents = {1, -1, 0, 0};
            float[] velocity = {0.5f, 2, 0, 0};
            try (Sampler<float[]> sampler = table.sampler(0, math, Noises.independent(0, math))) {
                for (int call = 0; call < stopAfter; call++) {
                    latents = sampler.step(call, latents, velocity);
                }
            }
            assertEquals(stopAfter, math.alive());
            assertArrayEquals(new float[] {0.5f, 2, 0, 0}, velocity);
        }
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void historySurvivesReuseOfTheCallersMemory(SamplerKind kind) {
        SigmaTable table = sd3(kind, 4);
        float[] kept = walk(table, false);
        float[] overwritten = walk(table, true);
        assertArrayEquals(kept, overwritten);
    }

    private static float[] walk(SigmaTable table, boolean overwrite) {
        float[] latents = {1, -1, 0, 0};
        var math = new FloatMath(false);
        try (Sampler<float[]> sampler = table.sampler(0, math, Noises.independent(0, math))) {
            for (int call = 0; call < sampler.modelCalls(); call++) {
                float[] velocity = {0.3f * call, 1 - 0.2f * call, 0, 0};
                float[] next = sampler.step(call, latents, velocity);
                if (overwrite) {
                    Arrays.fill(latents, Float.NaN);
                    Arrays.fill(velocity, Float.NaN);
                }
                latents = next;
            }
        }
        return latents;
    }

    @Test
    void callsOutOfOrderAreRefused() {
        Sampler<Double> sampler =
                sd3(SamplerKind.EULER, 2).sampler(0, new DoubleMath(), Noises.none());
        assertThrows(IllegalStateException.class, () -> sampler.step(1, 0.0, 0.0));
        Double x = sampler.step(0, 1.0, 1.0);
        assertThrows(IllegalStateException.class, () -> sampler.step(0, x, 1.0));
        sampler.step(1, x, 1.0);
        assertThrows(IllegalStateException.class, () -> sampler.step(2, x, 1.0));
        sampler.close();
        sampler.close();
        Sampler<Double> closed =
                sd3(SamplerKind.EULER, 2).sampler(0, new DoubleMath(), Noises.none());
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.step(0, 1.0, 1.0));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"EULER", "HEUN"})
    void sigmasThatDoNotFallAreRefusedByMethodsThatDivideByTheirDistance(SamplerKind kind) {
        ScheduleConfig config = ScheduleConfig.DEFAULTS.withShift(1e9);
        SigmaTable table = SigmaTable.of(config, kind, Spacing.steps(30), 0);
        Refusal.says(
                kind + " needs sigmas that fall",
                () -> table.sampler(0, new DoubleMath(), Noises.none()));
    }
}
