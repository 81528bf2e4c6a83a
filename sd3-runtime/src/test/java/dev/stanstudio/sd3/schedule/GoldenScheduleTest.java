package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The schedules of the reference outputs; {@link SigmaTableTest} has more of the repository's. */
class GoldenScheduleTest {
    private static final double TOLERANCE = 1e-7;

    private int cases;
    private int exact;
    private double worst;

    @Test
    void sigmaTables() {
        for (JsonNode row : Goldens.json("schedules.json")) {
            ObjectNode config = row.deepCopy();
            if (row.has("dynamic_shifting")) {
                config.put("use_dynamic_shifting", true);
                config.set("time_shift_type", row.get("dynamic_shifting"));
            }
            SigmaTable table =
                    SigmaTable.of(
                            ScheduleConfig.read(config),
                            SamplerKind.of(row.get("scheduler").textValue()),
                            Reference.spacing(row, "given_sigmas"),
                            row.path("mu").asDouble());
            compare(row::toString, table, floats(row, "sigmas"), floats(row, "timesteps"));
        }
        report("schedules.json");
    }

    @Test
    void schedulesOfWholeGenerations() {
        for (Goldens.Case trace : Goldens.traces()) {
            SigmaTable table = tableOf(trace.model(), trace.read().get("arguments"));
            try (Goldens.File tensors = trace.tensors()) {
                compare(
                        trace::toString,
                        table,
                        tensors.tensor("sigmas").toFloats(),
                        tensors.tensor("timesteps").toFloats());
            }
        }
        report("traces");
    }

    private static SigmaTable tableOf(Path model, JsonNode arguments) {
        ScheduleConfig config =
                ScheduleConfig.read(model.resolve("scheduler/scheduler_config.json"));
        config =
                config.withShift(arguments.path("shift").asDouble(config.shift()))
                        .withDynamicShifting(arguments.path("dynamic_shifting").asBoolean())
                        .withSigmaSchedule(
                                SigmaSchedule.of(arguments.path("sigma_schedule").asText("none")));
        return SigmaTable.of(
                config,
                SamplerKind.of(arguments.path("sampler").asText("euler")),
                Reference.spacing(arguments, "sigmas"),
                arguments.path("mu").asDouble());
    }

    private void compare(
            Supplier<String> name, SigmaTable table, float[] sigmas, float[] timesteps) {
        double sigmaError = Reference.worst(sigmas, table.sigmas());
        double timestepError = Reference.worst(timesteps, table.timesteps()) / 1000;
        assertTrue(sigmaError <= TOLERANCE && timestepError <= TOLERANCE, name);
        cases++;
        exact += sigmaError == 0 && timestepError == 0 ? 1 : 0;
        worst = Math.max(worst, Math.max(sigmaError, timestepError));
    }

    private void report(String what) {
        assertTrue(cases > 0, () -> what + " holds no cases");
        System.out.printf(
                "%s: %d of %d equal to the bit, worst difference %.1e%n",
                what, exact, cases, worst);
    }

    private static float[] floats(JsonNode row, String field) {
        return Reference.floats(row.get(field));
    }
}
