package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobProgressTest {
    @TempDir Path folder;

    private Path log(String text) throws IOException {
        return Files.writeString(folder.resolve("job.log"), text);
    }

    @Test
    void theLastProgressLineCountsAndIsNotShown() throws IOException {
        Path log = log("begins\n##progress 1 300\nstep 12\n##progress 12 300\n");
        assertEquals(new JobProgress(12, 300, "step 12"), JobProgress.read(log));
        assertEquals(List.of("begins", "step 12"), JobProgress.lastLines(log, 5));
        assertEquals(List.of("step 12"), JobProgress.lastLines(log, 1));
    }

    @Test
    void pathsAndCountsInTextAreNoProgress() throws IOException {
        String line = "wrote runs/2026/05 after 3 of 7 pictures";
        assertEquals(JobProgress.saying(line), JobProgress.read(log(line + "\n")));
    }

    @Test
    void aDamagedProgressLineIsTextAndAnUnfinishedOneIsNotRead() throws IOException {
        Path log = log("##progress 5 20\n##progress five 20\n##progress 6 2");
        assertEquals(new JobProgress(5, 20, "##progress five 20"), JobProgress.read(log));
    }

    @Test
    void manyProgressLinesHideNoText() throws IOException {
        StringBuilder text = new StringBuilder("begins\n");
        for (int i = 0; i <= 3000; i++) {
            text.append("##progress %d 3000%n".formatted(i));
        }
        Path log = log(text.toString());
        assertEquals(new JobProgress(3000, 3000, "begins"), JobProgress.read(log));
    }

    @Test
    void aMissingLogIsNoProgress() {
        assertEquals(JobProgress.NONE, JobProgress.read(folder.resolve("none.log")));
        assertEquals(List.of(), JobProgress.lastLines(folder.resolve("none.log"), 5));
    }
}
