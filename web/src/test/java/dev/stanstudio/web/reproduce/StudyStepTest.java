package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of a grid's list in the list of an experiment's study. */
class StudyStepTest {
    private static final String SHA256 = "0".repeat(64);

    @TempDir Path out;

    private Path manifest(String line) throws IOException {
        Path folder = Files.createDirectories(out.resolve("grid-1"));
        String good =
                """
                {"file":"x/a.png","method":"stan","prompt":"a cat","style":"anime","seed":1,"model":"nano","sha256":"%s"}
                {"file":"x/b.png","method":"lora","prompt":"a cat","style":"anime","seed":1,"sha256":"%s"}
                """
                        .formatted(SHA256, SHA256);
        return Files.writeString(folder.resolve(Manifest.FILE), good + line);
    }

    @Test
    void filesAreNamedFromTheExperimentsFolder() throws IOException {
        assertEquals(
                "[{\"file\":\"grid-1/x/a.png\",\"method\":\"stan\",\"prompt\":\"a cat\","
                        + "\"style\":\"anime\",\"seed\":1,\"sha256\":\""
                        + SHA256
                        + "\"}]",
                StudyStep.lines(out, manifest(""), Set.of("stan")).toString());
    }

    @Test
    void cellsTakeTurnsOfTheTrainingsAndAPictureIsNamedOnce() throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (int training = 1; training <= 2; training++) {
            for (String method : List.of("none", "stan")) {
                for (int noise = 0;
                        noise < 3 && (training == 1 || method.equals("stan"));
                        noise++) {
                    ObjectNode line = Json.PLAIN.createObjectNode();
                    line.put("file", "grid-%d/%s-%d.png".formatted(training, method, noise));
                    line.put("method", method).put("prompt", "a cat").put("style", "anime");
                    lines.add(line.put("seed", noise));
                }
            }
        }
        assertEquals(
                List.of(
                        "grid-1/none-0.png",
                        "grid-1/none-1.png",
                        "grid-1/none-2.png",
                        "grid-1/stan-0.png",
                        "grid-2/stan-1.png",
                        "grid-1/stan-2.png"),
                StudyStep.oneTrainingEach(lines).stream()
                        .map(line -> line.path("file").asText())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"file\":\"../../a.png\",\"method\":\"stan\"}', leaves the list's folder",
        "'{\"method\":\"stan\"}', has no \"file\"",
        "'{\"file\":\"a.png\",\"method\":\"stan\",\"sha256\":\"0\"}', is not 64 hex digits",
        "'{\"file\":', is no JSON",
    })
    void aWrongLineIsNamed(String line, String words) throws IOException {
        Path manifest = manifest(line);
        UserException e =
                assertThrows(
                        UserException.class, () -> StudyStep.lines(out, manifest, Set.of("stan")));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(manifest + " line 3 "), message);
        assertTrue(message.contains(words), message);
    }
}
