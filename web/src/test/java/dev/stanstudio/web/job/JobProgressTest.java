package dev.stanstudio.web.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.web.testing.SetClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Progress is read from the lines that commands print for it, and from nothing else. */
class JobProgressTest {
    @TempDir Path folder;

    private final SetClock clock = new SetClock();

    private Path log(String text) throws IOException {
        return Files.writeString(folder.resolve("job.log"), text);
    }

    private JobOutput read(Path log) {
        return JobOutput.of(log, clock).read();
    }

    private JobProgress progress(Path log) {
        return read(log).progress();
    }

    private static List<String> words(JobOutput output) {
        return output.phases().stream()
                .map(
                        phase ->
                                "%s %d/%d%s"
                                        .formatted(
                                                phase.name(),
                                                phase.done(),
                                                phase.total(),
                                                phase.current() ? " now" : ""))
                .toList();
    }

    @Test
    void theLastProgressLineCountsAndIsNotShown() throws IOException {
        Path log = log("begins\n##progress 1 300\nstep 12\n##progress 12 300\n");
        assertEquals(new JobProgress(12, 300, "step 12"), progress(log));
        assertEquals(List.of("begins", "step 12"), JobProgress.lastLines(log, 5));
        assertEquals(List.of("step 12"), JobProgress.lastLines(log, 1));
    }

    @Test
    void pathsAndCountsInTextAreNoProgress() throws IOException {
        String line = "groups 996; wrote runs/2026/05 after 8 of 1,000 pictures";
        assertEquals(JobProgress.saying(line), progress(log(line + "\n")));
    }

    @Test
    void aDamagedProgressLineIsTextAndAnUnfinishedOneIsNotRead() throws IOException {
        Path log = log("##progress 5 20\n##progress five 20\n##progress 6 2");
        assertEquals(new JobProgress(5, 20, "##progress five 20"), progress(log));
    }

    @Test
    void manyProgressLinesHideNoText() throws IOException {
        StringBuilder text = new StringBuilder("begins\n");
        for (int i = 0; i <= 3000; i++) {
            text.append("##progress %d 3000%n".formatted(i));
        }
        assertEquals(new JobProgress(3000, 3000, "begins"), progress(log(text.toString())));
    }

    @Test
    void aMissingLogIsNoProgress() {
        assertEquals(JobProgress.NONE, progress(folder.resolve("none.log")));
        assertEquals(List.of(), JobProgress.lastLines(folder.resolve("none.log"), 5));
    }

    @Test
    void eachPhaseCountsForItselfAndNeverBackwards() throws IOException {
        Path log =
                log(
                        """
                        ##phase encoding pictures
                        ##progress 50 50
                        ##phase training
                        ##progress 10 300
                        ##phase drawing samples
                        ##phase training
                        ##progress 9 300
                        """);
        JobOutput output = read(log);
        assertEquals(
                List.of("encoding pictures 50/50", "training 10/300 now", "drawing samples 0/0"),
                words(output));
        assertEquals(new JobProgress(10, 300, ""), output.progress());
        assertEquals(List.of(), JobProgress.lastLines(log, 5), "lines for programs are not shown");
    }

    @Test
    void whatAnEarlierRunPrintedIsNotThisOnes() throws IOException {
        Path log = log("##phase training\n##progress 200 300\nstopped\n");
        JobOutput output = JobOutput.following(log, clock).read();
        assertEquals(JobProgress.NONE, output.progress());
        Files.write(
                log,
                "##phase training\n##progress 200 300\n".getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
        assertEquals(List.of("training 200/300 now"), words(output.read()));
    }

    @Test
    void theTimeLeftFollowsFromWhatThisRunDid() throws IOException {
        Path log = log("##phase training\n##progress 200 300\n");
        JobOutput output = read(log);
        assertEquals(Optional.empty(), output.phases().get(0).left(clock.instant()));
        clock.move(Duration.ofSeconds(10));
        Files.write(
                log,
                "##progress 250 300\n".getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
        assertEquals(
                Optional.of(Duration.ofSeconds(10)),
                output.read().phases().get(0).left(clock.instant()));
    }
}
