package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingResultTest {
    @TempDir Path folder;

    @Test
    void theValidationsAndTheTimeOfAStep() throws IOException {
        Path log = folder.resolve("log.jsonl");
        Files.writeString(
                log,
                """
                {"kind":"train","step":1,"loss":7,"step_seconds":1}
                {"kind":"validation","step":1,"loss":3}
                {"kind":"validation","step":2,"loss":1}
                {"kind":"train","step":3,"loss":7,"step_seconds":2}
                {"kind":"validation","step":3,"loss":2}
                """);
        assertEquals(new TrainingResult(3, 3, 2, 1, 1.5), TrainingResult.read(folder));
        Files.writeString(log, "{\"kind\":\"train\",\"step\":4,\"loss\":7}\n");
        assertEquals(
                new TrainingResult(4, Double.NaN, Double.NaN, Double.NaN, Double.NaN),
                TrainingResult.read(folder));
        Files.writeString(log, "{\"kind\":");
        assertThrows(UserException.class, () -> TrainingResult.read(folder));
    }
}
