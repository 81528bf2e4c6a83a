package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossLogTest {
    @TempDir Path folder;

    @Test
    void lossesStepsAndTimesAreRead() throws IOException {
        Path log = folder.resolve("log.jsonl");
        Files.writeString(
                log,
                """
                {"kind":"train","step":10,"loss":0.5,"step_seconds":0.25}
                {"kind":"validation","step":10,"loss":0.75}
                {"kind":"train","step":20,"absolute":1,"step_seconds":0.75}
                """);
        LossLog losses = LossLog.read(log);
        assertEquals(List.of(10.0), losses.train().steps());
        assertEquals(List.of(0.5), losses.train().values());
        assertEquals(List.of(0.75), losses.validation().values());
        assertEquals(20, losses.steps());
        assertEquals(0.5, losses.stepSeconds());
    }

    @Test
    void secondsAreThoseOfAllStepsBefore() throws IOException {
        Path log = folder.resolve("log.jsonl");
        Files.writeString(
                log,
                """
                {"kind":"validation","step":0,"loss":1}
                {"kind":"train","step":10,"loss":0.5,"step_seconds":0.25}
                {"kind":"train","step":30,"loss":0.4,"step_seconds":0.5}
                {"kind":"validation","step":30,"loss":0.75}
                {"kind":"train","step":20,"loss":0.4,"step_seconds":9}
                {"kind":"train","step":40,"loss":0.3,"step_seconds":1}
                """);
        LossLog losses = LossLog.read(log);
        assertEquals(List.of(Double.NaN, 12.5), losses.validation().seconds());
        assertEquals(List.of(2.5, 12.5, 12.5, 22.5), losses.train().seconds());
    }

    @Test
    void onlyAGrowingLogMayHoldACutLine() throws IOException {
        Path log = folder.resolve("log.jsonl");
        Files.writeString(log, "{\"kind\":\"train\",\"step\":1,\"loss\":2}\n{\"kind\":\"tr");
        assertEquals(List.of(2.0), LossLog.readGrowing(log).train().values());
        assertTrue(Double.isNaN(LossLog.readGrowing(log).stepSeconds()));
        UserException e = assertThrows(UserException.class, () -> LossLog.read(log));
        assertEquals(log + ": line 2 is not JSON", e.getMessage());
        Path none = folder.resolve("none.jsonl");
        assertThrows(UserException.class, () -> LossLog.readGrowing(none));
    }
}
