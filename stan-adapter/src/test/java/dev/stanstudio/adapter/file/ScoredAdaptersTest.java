package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The adapters that come with the program are the files whose scores are published. */
class ScoredAdaptersTest {
    private static final Path ROOT = Path.of("..");

    private static final Pattern ROW =
            Pattern.compile(
                    "\\| \\[([a-z-]+)]\\(\\.\\./stan-adapter/models/[a-z-]+\\) \\| `([0-9a-f]{64})`"
                            + " \\|");

    @Test
    void haveTheHashesOfThePage() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/nano-experiment.md"));
        List<MatchResult> rows = ROW.matcher(page).results().toList();
        assertEquals(2, rows.size());
        for (MatchResult row : rows) {
            Path file =
                    ROOT.resolve("stan-adapter/models")
                            .resolve(row.group(1))
                            .resolve("adapter_model.safetensors");
            assertEquals(row.group(2), Sha256.of(Files.readAllBytes(file)), row.group(1));
        }
    }
}
