package dev.stanstudio.sd3.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of step() against the reference, call by call. */
class SamplerReferenceTest {
    /**
     * Float32: the reference's Heun recovers v as (x − (x − σv))/σ, which costs it about 5e-6 at
     * small σ. Bfloat16 keeps 8 bits, and the reference rounds some products once more than we do.
     */
    @ParameterizedTest
    @CsvSource({"float32, 2e-5", "bfloat16, 0.04"})
    void stepsEqualTheReference(String dtype, double tolerance) {
        Map<SamplerKind, Double> worst = new EnumMap<>(SamplerKind.class);
        for (JsonNode row : Reference.rows("chains")) {
            if (row.get("dtype").textValue().equals(dtype)) {
                SamplerKind sampler = SamplerKind.of(row.get("sampler").textValue());
                double error = run(row, sampler, new FloatMath(dtype.equals("bfloat16")));
                assertTrue(error <= tolerance, () -> error + " off: " + row);
                worst.merge(sampler, error, Math::max);
            }
        }
        assertEquals(SamplerKind.values().length, worst.size());
        System.out.println("steps in " + dtype + ", worst difference " + worst);
    }

    private static double run(JsonNode row, SamplerKind kind, FloatMath math) {
        SigmaTable table =
                SigmaTable.of(
                        ScheduleConfig.read(row.get("config")),
                        kind,
                        Reference.spacing(row, "given"),
                        0);
        double worst = 0;
        float[] latents = Reference.floats(row.get("latents"));
        NoiseSource<float[]> noise =
                row.has("noises") ? Noises.recorded(row.get("noises"), math) : Noises.none();
        try (Sampler<float[]> sampler = table.sampler(row.get("first").intValue(), math, noise)) {
            assertEquals(row.get("outputs").size(), sampler.modelCalls());
            for (int call = 0; call < sampler.modelCalls(); call++) {
                float[] velocity = Reference.floats(row.get("velocities").get(call));
                latents = sampler.step(call, latents, velocity);
                float[] expected = Reference.floats(row.get("outputs").get(call));
                worst = Math.max(worst, Reference.worst(expected, latents));
            }
        }
        return worst;
    }
}
