package dev.stanstudio.sd3.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The doctor's report of memory, and of models in the model folder. */
class DoctorCommandTest {
    private static JsonNode report(String... options) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("--json", "--model", Goldens.own("tiny-3.5").toString()));
        all.addAll(List.of(options));
        StringWriter out = new StringWriter();
        int code =
                new CommandLine(new DoctorCommand())
                        .setOut(new PrintWriter(out))
                        .execute(all.toArray(String[]::new));
        assertEquals(0, code);
        return new ObjectMapper().readTree(out.toString()).path("model");
    }

    private static double gib(JsonNode node) {
        return Double.parseDouble(node.asText().split(" ")[0]);
    }

    @Test
    void bothTasksTellWhatFitsEachCard() throws IOException {
        JsonNode drawn = report();
        assertTrue(drawn.path("task").asText().startsWith("draw a picture of "), drawn.toString());
        for (String card : List.of("8 GB", "12 GB", "16 GB", "24 GB")) {
            assertTrue(drawn.path("fits").path(card).asText().startsWith("--dtype bf16 ("), card);
        }
        JsonNode large = report("--size", "4096");
        assertTrue(large.path("task").asText().contains("4096x4096"), large.toString());
        double whole = gib(large.path("needs").path("--dtype fp32"));
        double tiled = gib(large.path("needs").path("--dtype fp32 --vae-tiling"));
        assertTrue(tiled < whole, tiled + " and " + whole);
        JsonNode trained = report("--task", "train", "--parameters", "50000000");
        assertTrue(trained.path("task").asText().contains("50.0 million"), trained.toString());
        assertTrue(trained.path("fits").has("8 GB, --batch 4"), trained.toString());
        JsonNode texts = trained.path("more with --text-encoders");
        assertTrue(gib(texts.path("--dtype bf16")) <= gib(texts.path("--dtype fp32")));
        // Values, moments, averages and gradients of 50 million numbers in fp32.
        assertTrue(gib(trained.path("needs").path("--dtype bf16")) > 6 * 0.186);
    }

    @Test
    void whatIsNoTaskOrNumberIsRefused() {
        for (String[] wrong :
                new String[][] {{"--task", "paint"}, {"--size", "3"}, {"--parameters", "0"}}) {
            CommandLine line =
                    new CommandLine(new DoctorCommand())
                            .setExecutionExceptionHandler(
                                    (e, command, parsed) ->
                                            String.valueOf(e.getMessage()).lines().count() == 1
                                                    ? 2
                                                    : 1);
            assertEquals(2, line.execute(wrong), String.join(" ", wrong));
        }
    }

    @Test
    void filesOfBothKindsAreListedUnderNamesThatFindThem(@TempDir Path folder) throws IOException {
        for (String name : List.of("one.safetensors", "one.gguf", "two.gguf")) {
            Files.createFile(folder.resolve(name));
        }
        ModelFinder finder =
                new ModelFinder(Map.of("STUDIO_MODELS", folder.toString()), folder, null);
        Map<String, Path> all = finder.all();
        assertEquals(
                Map.of(
                        "one", folder.resolve("one.safetensors"),
                        "one.gguf", folder.resolve("one.gguf"),
                        "two", folder.resolve("two.gguf")),
                all);
        all.forEach((name, path) -> assertEquals(path, finder.find(name)));
    }
}
