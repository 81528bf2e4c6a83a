package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.web.testing.Python;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that measures a card runs whole on the processor, with small shapes. */
class GpuBenchTest {
    @TempDir private Path out;

    private Python.Outcome bench(Python python, String... more) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String studio =
                "%s -Xmx2g -cp '%s' %s"
                        .formatted(
                                java,
                                System.getProperty("java.class.path"),
                                Studio.class.getName());
        List<String> arguments =
                new ArrayList<>(List.of(Python.file("docs/bench/gpu.py").toString()));
        arguments.addAll(List.of("--tiny", "--device", "cpu", "--studio", studio));
        arguments.addAll(List.of("--out", out.toString()));
        arguments.addAll(List.of(more));
        return python.run(arguments);
    }

    private JsonNode results() throws Exception {
        return new ObjectMapper().readTree(out.resolve("gpu.json").toFile()).get("parts");
    }

    @Test
    void everyPartHasAResult() throws Exception {
        Python python = Python.with("torch, diffusers, peft");
        Python.Outcome outcome = bench(python, "--minutes", "30", "--python", python.program());
        assertEquals(0, outcome.status(), outcome.told());
        for (JsonNode part : results()) {
            assertFalse(part.has("failed"), part::toString);
        }
        assertTrue(results().size() >= 15, outcome.told());
    }

    /** Nothing is left to do after no time, and still every part is named. */
    @Test
    void partsThatFailAreNamedAndTheOthersGoOn() throws Exception {
        Python.Outcome outcome = bench(Python.with("json"), "--minutes", "0");
        assertEquals(1, outcome.status(), outcome.told());
        TreeSet<String> reasons = new TreeSet<>();
        results().forEach(part -> reasons.add(part.path("failed").asText()));
        assertEquals(List.of("no time was left"), List.copyOf(reasons));
        assertTrue(outcome.told().contains("failed: libraries of the program, golden"));
    }
}
