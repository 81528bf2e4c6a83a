package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The full set of reference outputs; skipped, and said so, where it is not at hand. */
class GoldenScheduleTest {
    private static final double TOLERANCE = 1e-7;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path goldens = Path.of(System.getProperty("studio.goldens", "goldens"));
    private int cases;
    private int exact;
    private double worst;

    @BeforeEach
    void findGoldens() {
        assumeTrue(Files.isDirectory(goldens), () -> "no reference outputs at " + goldens);
    }

    @Test
    void sigmaTables() throws IOException {
        for (JsonNode row : JSON.readTree(goldens.resolve("schedules.json").toFile())) {
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
    void schedulesOfWholeGenerations() throws IOException {
        for (Path file : traces()) {
            JsonNode trace = JSON.readTree(file.toFile());
            SigmaTable table = tableOf(trace.get("model").textValue(), trace.get("arguments"));
            Path tensors =
                    file.resolveSibling(
                            file.getFileName().toString().replace(".json", ".safetensors"));
            compare(file::toString, table, tensor(tensors, "sigmas"), tensor(tensors, "timesteps"));
        }
        report("traces");
    }

    private List<Path> traces() throws IOException {
        try (Stream<Path> files = Files.walk(goldens.resolve("traces"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    private SigmaTable tableOf(String model, JsonNode arguments) {
        Path scheduler = goldens.resolve(model).resolve("scheduler/scheduler_config.json");
        ScheduleConfig config = ScheduleConfig.read(scheduler);
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

    /** One F32 or I64 tensor of a safetensors file. */
    private static float[] tensor(Path file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        JsonNode entry =
                JSON.readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8))
                        .get(name);
        bytes.position(8 + header + entry.get("data_offsets").get(0).intValue());
        boolean whole = entry.get("dtype").textValue().equals("I64");
        float[] values = new float[entry.get("shape").get(0).intValue()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole ? bytes.getLong() : bytes.getFloat();
        }
        return values;
    }
}
