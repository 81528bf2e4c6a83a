package dev.stanstudio.base.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Map<String, String> ASKED =
            Map.of(ProgressLine.VARIABLE, ProgressLine.LINES);

    private final StringWriter printed = new StringWriter();
    private long nanos = 7;

    private Progress progress(Map<String, String> environment) {
        return new Progress(new PrintWriter(printed), environment, () -> nanos);
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    private List<String> lines() {
        return printed.toString().lines().toList();
    }

    @Test
    void programsThatAskGetALineASecondAtMost() {
        try (Progress progress = progress(ASKED)) {
            progress.begin("pictures", 30);
            for (int i = 1; i <= 30; i++) {
                progress.done(i);
                pass(300);
            }
            progress.begin("more", 2);
            progress.done(1);
        }
        assertEquals(
                List.of(
                        "##progress 1 30",
                        "##progress 5 30",
                        "##progress 9 30",
                        "##progress 13 30",
                        "##progress 17 30",
                        "##progress 21 30",
                        "##progress 25 30",
                        "##progress 29 30"),
                lines());
    }

    @Test
    void programsAreToldOfTheEndAndOfPhases() {
        try (Progress progress = progress(ASKED)) {
            progress.phase("encoding pictures");
            progress.begin("encoding", 3);
            for (int i = 1; i <= 3; i++) {
                progress.done(i);
            }
        }
        assertEquals(
                List.of("##phase encoding pictures", "##progress 1 3", "##progress 3 3"), lines());
    }

    @Test
    void nobodyElseIsToldOfPhases() {
        try (Progress progress = progress(Map.of())) {
            progress.phase("encoding pictures");
        }
        assertEquals(List.of(), lines());
    }

    @Test
    void aTerminalThatIsInheritedDrawsNoBarBetweenThoseLines() {
        try (Progress progress =
                progress(
                        Map.of(
                                ProgressLine.VARIABLE,
                                ProgressLine.LINES,
                                Progress.TERMINAL,
                                "1"))) {
            progress.begin("pictures", 2);
            progress.line("begins");
            progress.done(1);
        }
        assertEquals(List.of("begins", "##progress 1 2"), lines());
    }

    @Test
    void peopleNeverSeeThoseLines() {
        try (Progress progress = progress(Map.of(ProgressLine.VARIABLE, "1"))) {
            progress.begin("drawing", 20);
            for (int i = 1; i <= 20; i++) {
                progress.doneInTenths(i);
                pass(2000);
            }
        }
        assertEquals(10, lines().size());
        assertEquals("drawing: 2 of 20", lines().get(0));
        assertEquals("drawing: 20 of 20", lines().get(9));
    }

    @Test
    void anUnknownTotalIsNoProgressForPrograms() {
        try (Progress progress = progress(ASKED)) {
            progress.begin("reading", 0);
            progress.done(5);
        }
        assertEquals(List.of(), lines());
    }

    @Test
    void linesKeepTheirPause() {
        try (Progress progress = progress(Map.of())) {
            progress.begin("reading", 0);
            progress.line(Duration.ofSeconds(5), () -> "too early");
            pass(5000);
            progress.line(Duration.ofSeconds(5), () -> "first");
            pass(4999);
            progress.line(Duration.ofSeconds(5), () -> "too early again");
            pass(1);
            progress.line(Duration.ofSeconds(5), () -> "second");
        }
        assertEquals(List.of("first", "second"), lines());
    }

    @Test
    void theTimeLeftFollowsTheRate() {
        Progress progress = progress(Map.of());
        progress.begin("reading", 100);
        pass(10_000);
        assertEquals(2.0, progress.rate(20));
        assertEquals("1:02:03", Progress.duration(3723 * 2, 2.0));
    }
}
