package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleConfigTest {
    static ScheduleConfig parse(String json) {
        try {
            return ScheduleConfig.read(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void publishedFileLeavesTheRestToDefaults() {
        ScheduleConfig config =
                parse(
                        """
                        {"_class_name": "FlowMatchEulerDiscreteScheduler",
                         "_diffusers_version": "0.29.0.dev0",
                         "num_train_timesteps": 1000, "shift": 3.0}\
                        """);
        assertEquals(ScheduleConfig.SD3, config);
    }

    @Test
    void everyFieldIsRead() {
        ScheduleConfig config =
                parse(
                        """
                        {"num_train_timesteps": 500, "shift": 2.5, "use_dynamic_shifting": true,
                         "base_shift": 0.25, "max_shift": 1.5, "base_image_seq_len": 64,
                         "max_image_seq_len": 1024, "invert_sigmas": true, "shift_terminal": 0.1,
                         "use_beta_sigmas": true, "time_shift_type": "linear", "unknown": [1]}\
                        """);
        ScheduleConfig expected =
                new ScheduleConfig(
                        500,
                        2.5,
                        true,
                        0.25,
                        1.5,
                        64,
                        1024,
                        true,
                        0.1,
                        SigmaSchedule.BETA,
                        TimeShift.LINEAR);
        assertEquals(expected, config);
    }

    @Test
    void overridesChangeOneFieldEach() {
        ScheduleConfig config = ScheduleConfig.SD3;
        assertEquals(5, config.withShift(5).shift());
        assertTrue(config.withDynamicShifting(true).dynamicShifting());
        ScheduleConfig karras = config.withSigmaSchedule(SigmaSchedule.KARRAS);
        assertEquals(SigmaSchedule.KARRAS, karras.sigmaSchedule());
        assertEquals(config, karras.withSigmaSchedule(SigmaSchedule.NONE));
        assertFalse(config.equals(karras));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"shift\": 0}                     | shift is 0.0",
                "{\"shift\": -1}                    | shift is -1.0",
                "{\"shift\": \"three\"}             | shift is \"three\"; it must be a number",
                "{\"num_train_timesteps\": 0}       | num_train_timesteps is 0",
                "{\"num_train_timesteps\": 10.5}    | num_train_timesteps is 10.5",
                "{\"shift_terminal\": 1.0}          | shift_terminal is 1.0",
                "{\"max_image_seq_len\": 256}       | max_image_seq_len is 256",
                "{\"invert_sigmas\": 1}             | invert_sigmas is 1",
                "{\"time_shift_type\": \"cubic\"}   | time_shift_type is \"cubic\"",
                "{\"stochastic_sampling\": true}    | stochastic_sampling",
                "{\"scale_factors\": [0.5, 0.75]}   | scale_factors",
                "{\"_class_name\": \"DDIMScheduler\"} | \"DDIMScheduler\"",
                "{\"use_karras_sigmas\": true, \"use_beta_sigmas\": true}"
                        + " | use_beta_sigmas and use_karras_sigmas",
                "[1]                                | JSON object"
            })
    void badValuesAreNamed(String json, String said) {
        Refusal.says(said, () -> parse(json));
    }

    @Test
    void fileErrorsNameTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("scheduler_config.json");
        refused(file, "is missing");
        Files.writeString(file, "{\"shift\": ");
        refused(file, "not valid JSON");
        Files.writeString(file, "{\"shift\": 3} {\"shift\": 1}");
        refused(file, "not valid JSON");
        Files.writeString(file, "{\"shift\": -2}");
        refused(file, "shift is -2.0");
        Files.writeString(file, "");
        refused(file, "JSON object");
        Files.writeString(file, "{\"shift\": 3}");
        assertEquals(ScheduleConfig.SD3, ScheduleConfig.read(file));
    }

    private static void refused(Path file, String said) {
        Refusal.says(said, () -> ScheduleConfig.read(file));
        Refusal.says(file.toString(), () -> ScheduleConfig.read(file));
    }

    @Test
    void unknownNamesListTheKnownOnes() {
        Refusal.says(
                "euler, heun, dpmpp-2m, unipc, res-multistep, euler-ancestral, dpmpp-2m-sde, er-sde"
                        + " or lcm",
                () -> SamplerKind.of("ddim"));
        Refusal.says(
                "none, karras, exponential, beta, simple, normal, sgm-uniform, ddim-uniform,"
                        + " linear-quadratic or kl-optimal",
                () -> SigmaSchedule.of("Karras"));
    }
}
