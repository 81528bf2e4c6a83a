package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCurveTest {
    @TempDir Path folder;

    @Test
    void theCurveOfATrainingThatIsWritingItsLog() throws IOException {
        Path log = folder.resolve("log.jsonl");
        assertEquals(Optional.empty(), TrainingCurve.read(log));
        String first = "{\"kind\":\"train\",\"step\":10,\"loss\":4}\n";
        Files.writeString(log, first);
        assertEquals(Optional.empty(), TrainingCurve.read(log));
        Files.writeString(
                log,
                first
                        + """
                        {"kind":"validation","step":10,"loss":9}
                        {"kind":"train","step":30,"loss":2}
                        {"kind":"train","step":40,"lo\
                        """);
        assertEquals(
                Optional.of(
                        new TrainingCurve(
                                "0.0,57.1 300.0,80.0",
                                "0.0,57.1 300.0,80.0",
                                "0.0,0.0",
                                new TrainingCurve.Range(10, 30, 2, 9),
                                2,
                                List.of(
                                        new TrainingCurve.Row(10, "4.0000", "9.0000"),
                                        new TrainingCurve.Row(30, "2.0000", "")))),
                TrainingCurve.read(log));
    }
}
