package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every string of the reference outputs, through every tokenizer. */
class TokenizerGoldensTest {
    @ParameterizedTest
    @CsvSource({
        "tiny-sd3,tokenizer",
        "tiny-sd3,tokenizer_2",
        "tiny-sd3,tokenizer_3",
        "tiny-sd3.5,tokenizer",
        "tiny-sd3.5,tokenizer_2",
        "tiny-sd3.5,tokenizer_3"
    })
    void idsEqualTheReference(String model, String name) throws IOException {
        Path goldens = Path.of(System.getProperty("studio.goldens", ""));
        Path file = goldens.resolve("tokens/" + model + "." + name + ".json");
        assumeTrue(Files.exists(file), () -> "no reference outputs: " + file + " is missing");
        JsonNode golden = Fixtures.json(file);
        assertTrue(golden.path("rows").size() > 100);
        try (Tokenizer tokenizer = Tokenizer.load(goldens.resolve(model).resolve(name))) {
            for (JsonNode row : golden.path("rows")) {
                check(tokenizer, row, golden.path("max_length").asInt());
            }
        }
    }

    private static void check(Tokenizer tokenizer, JsonNode row, int length) throws IOException {
        String text = row.path("text").asText();
        assertArrayEquals(ints(row.path("ids")), tokenizer.encodeUnpadded(text), text);
        if (row.hasNonNull("padded")) {
            int[] padded = tokenizer.encode(text, length).ids();
            assertArrayEquals(ints(row.path("padded")), padded, text);
        }
    }

    private static int[] ints(JsonNode array) throws IOException {
        return TokenizerFolder.JSON.treeToValue(array, int[].class);
    }
}
