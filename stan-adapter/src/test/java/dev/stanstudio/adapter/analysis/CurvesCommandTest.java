package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.training.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesCommandTest {
    @TempDir private Path folder;

    private Path run(String name, String... lines) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.write(run.resolve("log.jsonl"), List.of(lines));
        return run;
    }

    private Run curves(Object... more) {
        String[] args = new String[more.length + 4];
        args[0] = "experiment";
        args[1] = "curves";
        args[2] = "--out";
        args[3] = folder.resolve("out").toString();
        for (int i = 0; i < more.length; i++) {
            args[4 + i] = more[i].toString();
        }
        return Run.of(args);
    }

    private static String line(String kind, int step, double loss) {
        return "{\"kind\":\"%s\",\"step\":%d,\"loss\":%s}".formatted(kind, step, loss);
    }

    @Test
    void everyTrainingIsALine() throws IOException {
        Path lora = run("a", line("train", 10, 1.0), line("train", 20, 0.5));
        Path stan = run("b", line("train", 10, 0.8), line("validation", 10, 0.9));
        Run run = curves("lora=" + lora, "stan=" + stan);
        assertEquals(0, run.code(), run.message());
        List<String> csv = Files.readAllLines(folder.resolve("out/loss-curves.csv"));
        // The running mean of 1 and 0.5: (0.9 · 0.1 · 1 + 0.1 · 0.5) / 0.19.
        assertEquals("name,step,loss,drawn", csv.get(0));
        assertEquals("lora,10,1.0,1.0", csv.get(1));
        assertTrue(csv.get(2).startsWith("lora,20,0.5,0.7368421"), csv.get(2));
        assertEquals("stan,10,0.8,0.8", csv.get(3));
        assertEquals(4, csv.size());
        String svg = Files.readString(folder.resolve("out/loss-curves.svg"));
        assertTrue(svg.startsWith("<?xml") && svg.contains("</svg>"), svg);
        assertTrue(Files.size(folder.resolve("out/loss-curves.png")) > 1000);
    }

    @Test
    void aNameIsNoFormula() throws IOException {
        Path run = run("-b", line("train", 10, 1.0));
        assertEquals(0, curves("@x=" + run, run).code());
        List<String> csv = Files.readAllLines(folder.resolve("out/loss-curves.csv"));
        assertEquals("'-b,10,1.0,1.0", csv.get(csv.size() - 1));
        assertEquals("'@x,10,1.0,1.0", csv.get(1));
    }

    @Test
    void validationsAreDrawnAsTheyAre() throws IOException {
        Path run = run("a", line("validation", 10, 0.9), line("validation", 20, 0.7));
        assertEquals(0, curves("--validation", run).code());
        assertEquals(
                List.of("name,step,loss,drawn", "a,10,0.9,0.9", "a,20,0.7,0.7"),
                Files.readAllLines(folder.resolve("out/loss-curves.csv")));
    }

    private static String timed(int step, double loss, double seconds) {
        return "{\"kind\":\"train\",\"step\":%d,\"loss\":%s,\"step_seconds\":%s}"
                .formatted(step, loss, seconds);
    }

    @Test
    void qualityIsDrawnAgainstTheTimeThatTheStepsTook() throws IOException {
        Path fast = run("a", timed(10, 1.0, 0.5), line("validation", 10, 0.9));
        Path slow =
                run("b", line("validation", 0, 2), timed(10, 1.0, 2), line("validation", 10, 0.8));
        assertEquals(0, curves("--validation", "--x", "seconds", fast, slow).code());
        assertEquals(
                List.of("name,seconds,loss,drawn", "a,5.0,0.9,0.9", "b,20.0,0.8,0.8"),
                Files.readAllLines(folder.resolve("out/loss-by-seconds.csv")));
        assertTrue(Files.size(folder.resolve("out/loss-by-seconds.png")) > 1000);
        Path untimed = run("c", line("train", 10, 1.0));
        assertTrue(
                curves("--x", "seconds", untimed).message().contains("whose time was logged"),
                "no time");
    }

    @Test
    void aTrainingIsAPointAtItsParameters() throws IOException {
        Path small = run("a", line("validation", 10, 0.9), line("validation", 20, 0.95));
        Samples.Base base = new Samples.Base(Samples.CONFIG, "tiny", "f00d");
        Samples.adapter(small.resolve("adapter"), Stan.of(4, 2), base, 1);
        Path large = run("b", line("validation", 10, 0.7));
        Samples.adapter(large.resolve("adapter"), Stan.of(16, 2), base, 1);
        assertEquals(0, curves("--validation", "--x", "parameters", small, large).code());
        // 14 modules of 8 × 8: all eight of two blocks, but for the two that the last has no use
        // of.
        assertEquals(
                List.of("name,parameters,loss,drawn", "a,896,0.9,0.9", "b,3584,0.7,0.7"),
                Files.readAllLines(folder.resolve("out/loss-by-parameters.csv")));
        assertTrue(curves("--x", "weeks", small).message().contains("not 'weeks'"), "axis");
    }

    @Test
    void aNameThatIsAFormulaStaysText() throws IOException {
        Path run = run("a", line("validation", 10, 0.9));
        assertEquals(0, curves("--validation", "@SUM(A1)=" + run).code());
        assertEquals(
                List.of("name,step,loss,drawn", "'@SUM(A1),10,0.9,0.9"),
                Files.readAllLines(folder.resolve("out/loss-curves.csv")));
    }

    @Test
    void whatIsNoTrainingIsNamed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertTrue(curves(empty).message().contains("empty has no log.jsonl"));
        Path broken = run("broken", "{\"kind\":\"train\"");
        assertTrue(curves(broken).message().contains("log.jsonl: line 1 is not JSON"));
        Path silent = run("silent", line("train", 1, 0.5));
        assertTrue(
                curves("--validation", silent).message().contains("has no validation with a loss"));
        Path twin = run("x/silent", line("train", 1, 0.5));
        assertTrue(curves(silent, twin).message().contains("two trainings are called silent"));
    }
}
