package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every string of the reference outputs, through every tokenizer. */
class TokenizerGoldensTest {
    @ParameterizedTest
    @MethodSource("dev.stanstudio.testing.Goldens#tokens")
    void idsEqualTheReference(Goldens.Case reference) throws IOException {
        JsonNode golden = reference.read();
        assertTrue(golden.path("rows").size() > 100);
        Path folder = reference.set().resolve(golden.path("tokenizer").asText());
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
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
