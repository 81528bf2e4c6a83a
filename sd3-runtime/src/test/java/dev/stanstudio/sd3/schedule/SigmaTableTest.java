package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigmaTableTest {
    private static final double NO_MU = 0;

    @Test
    void tablesEqualTheReference() {
        int exact = 0;
        double worst = 0;
        JsonNode rows = Reference.rows("tables");
        for (JsonNode row : rows) {
            SigmaTable table = tableOf(row);
            double sigmas = Reference.worst(Reference.floats(row.get("sigmas")), table.sigmas());
            double timesteps =
                    Reference.worst(Reference.floats(row.get("timesteps")), table.timesteps());
            exact += sigmas == 0 && timesteps == 0 ? 1 : 0;
            worst = Math.max(worst, Math.max(sigmas, timesteps / 1000));
            assertTrue(sigmas <= 1e-7 && timesteps <= 1e-4, () -> "differs: " + row);
        }
        System.out.printf(
                "sigma tables: %d of %d equal to the bit, worst difference %.1e%n",
                exact, rows.size(), worst);
    }

    /** ComfyUI computes in float32, which costs it a few units in the last place. */
    @ParameterizedTest
    @EnumSource(SigmaSchedule.class)
    void levelsChosenFromTheModelEqualTheReference(SigmaSchedule schedule) {
        double worst = 0;
        int rows = 0;
        for (JsonNode row : Reference.rows("placed")) {
            if (row.get("schedule").textValue().equals(schedule.label())) {
                SigmaTable table =
                        SigmaTable.of(
                                ScheduleConfig.read(row.get("config")).withSigmaSchedule(schedule),
                                SamplerKind.EULER,
                                Reference.spacing(row, "given"),
                                NO_MU);
                double off = Reference.worst(Reference.floats(row.get("sigmas")), table.sigmas());
                assertTrue(off <= 1e-6, () -> off + " off: " + row);
                worst = Math.max(worst, off);
                rows++;
            }
        }
        assertEquals(chooses(schedule) ? 32 : 0, rows);
        System.out.printf(Locale.ROOT, "%s: worst difference %.1e%n", schedule, worst);
    }

    private static boolean chooses(SigmaSchedule schedule) {
        return schedule.place(new ModelSigmas(1000, sigma -> sigma), 4) != null;
    }

    @Test
    void normalIsEulersOwnSpacing() {
        for (SamplerKind sampler : List.of(SamplerKind.EULER, SamplerKind.HEUN)) {
            for (boolean dynamic : new boolean[] {false, true}) {
                ScheduleConfig own = ScheduleConfig.SD3.withShift(1).withDynamicShifting(dynamic);
                Spacing steps = Spacing.steps(9);
                assertArrayEquals(
                        SigmaTable.of(own, sampler, steps, 0).sigmas(),
                        SigmaTable.of(
                                        own.withSigmaSchedule(SigmaSchedule.NORMAL),
                                        sampler,
                                        steps,
                                        0)
                                .sigmas(),
                        1e-6f);
            }
        }
    }

    @Test
    void aShiftMovesEveryChosenSpacingButTheLinearQuadratic() {
        for (SigmaSchedule schedule : SigmaSchedule.values()) {
            float[] shifted = sigmas(ScheduleConfig.SD3, schedule);
            float[] unshifted = sigmas(ScheduleConfig.DEFAULTS, schedule);
            assertEquals(
                    schedule == SigmaSchedule.LINEAR_QUADRATIC,
                    Arrays.equals(shifted, unshifted),
                    schedule.label());
        }
    }

    private static float[] sigmas(ScheduleConfig config, SigmaSchedule schedule) {
        return SigmaTable.of(
                        config.withSigmaSchedule(schedule),
                        SamplerKind.EULER,
                        Spacing.steps(7),
                        NO_MU)
                .sigmas();
    }

    @Test
    void aChosenSpacingAndAListOfSigmasExcludeEachOther() {
        for (SigmaSchedule schedule : SigmaSchedule.values()) {
            ScheduleConfig config = ScheduleConfig.SD3.withSigmaSchedule(schedule);
            Spacing given = Spacing.sigmas(List.of(1.0, 0.6, 0.1));
            if (chooses(schedule)) {
                Refusal.says(
                        schedule.label() + " chooses the sigmas itself",
                        () -> SigmaTable.of(config, SamplerKind.EULER, given, NO_MU));
            } else {
                SigmaTable table = SigmaTable.of(config, SamplerKind.EULER, given, NO_MU);
                assertEquals(3, table.steps());
            }
        }
    }

    private static SigmaTable tableOf(JsonNode row) {
        return SigmaTable.of(
                ScheduleConfig.read(row.get("config")),
                SamplerKind.of(row.get("sampler").textValue()),
                Reference.spacing(row, "given"),
                row.path("mu").asDouble(NO_MU));
    }

    @Test
    void trainingTableEqualsTheReference() {
        for (JsonNode row : Reference.rows("training")) {
            TrainingTable table = TrainingTable.of(ScheduleConfig.read(row.get("config")));
            float[] sigmas = new float[table.size()];
            float[] timesteps = new float[table.size()];
            for (int j = 0; j < table.size(); j++) {
                sigmas[j] = table.sigma(j);
                timesteps[j] = table.timestep(j);
            }
            assertArrayEquals(Reference.floats(row.get("sigmas")), sigmas);
            assertArrayEquals(Reference.floats(row.get("timesteps")), timesteps);
        }
    }

    @Test
    void muFollowsTheImageSize() {
        for (JsonNode row : Reference.rows("mu")) {
            double mu = ScheduleConfig.read(row.get("config")).mu(row.get("tokens").intValue());
            assertEquals(row.get("mu").doubleValue(), mu, row::toString);
        }
    }

    @Test
    void muWithoutDynamicShiftingChangesNothing() {
        Spacing steps = Spacing.steps(9);
        float[] without = SigmaTable.of(ScheduleConfig.SD3, SamplerKind.EULER, steps, 0).sigmas();
        float[] with = SigmaTable.of(ScheduleConfig.SD3, SamplerKind.EULER, steps, 2.5).sigmas();
        assertArrayEquals(without, with);
    }

    @ParameterizedTest
    @EnumSource(SamplerKind.class)
    void everySamplerTakesEverySpacing(SamplerKind sampler) {
        for (SigmaSchedule schedule : SigmaSchedule.values()) {
            ScheduleConfig config = ScheduleConfig.SD3.withSigmaSchedule(schedule);
            List<Spacing> spacings = new ArrayList<>(List.of(Spacing.steps(12)));
            if (!chooses(schedule)) {
                spacings.add(Spacing.sigmas(List.of(1.0, 0.6, 0.1)));
            }
            for (Spacing spacing : spacings) {
                SigmaTable table = SigmaTable.of(config, sampler, spacing, NO_MU);
                // Every 83rd of 999 levels: 1000/12 cut to a whole number.
                int steps = schedule == SigmaSchedule.DDIM_UNIFORM ? 13 : spacing.count();
                assertEquals(steps, table.steps());
                assertEquals(0, table.sigma(table.modelCalls()));
                assertEquals(
                        sampler == SamplerKind.HEUN ? 2 * steps - 1 : steps, table.modelCalls());
            }
        }
    }

    @Test
    void copiesKeepTheTableUnchanged() {
        SigmaTable table =
                SigmaTable.of(ScheduleConfig.SD3, SamplerKind.EULER, Spacing.steps(2), NO_MU);
        table.sigmas()[0] = 9;
        table.timesteps()[0] = 9;
        assertEquals(1, table.sigma(0));
        assertEquals(1000, table.timestep(0));
    }

    @ParameterizedTest
    @CsvSource({
        "20, 0.6, 8",
        "10, 0.35, 6",
        "12, 0.8, 2",
        "8, 1, 0",
        "50, 0.1, 45",
        "3, 0.01, 2",
        "1, 1, 0"
    })
    void strengthPicksTheFirstStep(int steps, double strength, int first) {
        assertEquals(first, SigmaTable.startStep(steps, strength));
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "10, -0.1", "10, 1.5", "10, NaN"})
    void strengthThatRunsNothingIsRefused(int steps, double strength) {
        Refusal.says("strength", () -> SigmaTable.startStep(steps, strength));
        Refusal.says(Double.toString(strength), () -> SigmaTable.startStep(steps, strength));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void fewerThanOneStepIsRefused(int steps) {
        Refusal.says("steps is " + steps, () -> Spacing.steps(steps));
    }

    @Test
    void badSigmasAreRefusedByValue() {
        refusedSigmas(List.of(), "empty");
        refusedSigmas(List.of(1.0, 0.5, 0.0), "sigma 0.0 is outside");
        refusedSigmas(List.of(1.25, 0.5), "sigma 1.25 is outside");
        refusedSigmas(List.of(0.5, Double.NaN), "sigma NaN is outside");
        refusedSigmas(List.of(0.9, 0.5, 0.5), "0.5 follows 0.5");
        refusedSigmas(List.of(0.4, 0.7), "0.7 follows 0.4");
        refusedSigmas(List.of(0.5, 0.4999999999), "0.4999999999 follows 0.5");
    }

    private static void refusedSigmas(List<Double> sigmas, String said) {
        Refusal.says(said, () -> Spacing.sigmas(sigmas));
    }

    @Test
    void settingsThatCannotWorkTogetherAreRefused() {
        refused("{\"invert_sigmas\": true}", SamplerKind.HEUN, 4, 0, "heun");
        refused("{\"shift_terminal\": 0.1}", SamplerKind.EULER, 1, 0, "at least 2 steps");
        refused("{\"use_dynamic_shifting\": true}", SamplerKind.EULER, 4, 1e4, "mu 10000.0");
        refused(
                "{\"use_dynamic_shifting\": true, \"time_shift_type\": \"linear\"}",
                SamplerKind.EULER,
                4,
                -0.5,
                "mu -0.5");
    }

    private static void refused(
            String json, SamplerKind sampler, int steps, double mu, String said) {
        ScheduleConfig config = ScheduleConfigTest.parse(json);
        Spacing spacing = Spacing.steps(steps);
        Refusal.says(said, () -> SigmaTable.of(config, sampler, spacing, mu));
    }
}
