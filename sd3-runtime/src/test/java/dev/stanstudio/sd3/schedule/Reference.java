package dev.stanstudio.sd3.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Numbers that docs/reference/schedules.py recorded, and how the tests read and compare them. */
final class Reference {
    private Reference() {}

    static JsonNode rows(String name) {
        try (InputStream in = Reference.class.getResourceAsStream("reference.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in)).get(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }

    static Spacing spacing(JsonNode row, String givenField) {
        if (!row.has(givenField)) {
            return Spacing.steps(row.get("steps").intValue());
        }
        List<Double> sigmas = new ArrayList<>();
        row.get(givenField).forEach(value -> sigmas.add(value.doubleValue()));
        return Spacing.sigmas(sigmas);
    }

    static double worst(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new AssertionError(expected.length + " values wanted, " + actual.length);
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
        }
        return worst;
    }
}
