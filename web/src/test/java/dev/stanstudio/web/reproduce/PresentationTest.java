package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.testing.BuiltInJudges;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables and figures of experiments beyond the report's own: saved states, rows, losses. */
@ExtendWith(BuiltInJudges.class)
class PresentationTest {
    private static final String START =
            "name: x\ndata: {path: d}\nmethods: [{name: a, train: {}}, {name: b}]\n";

    @TempDir private Path folder;

    private Experiment read(String text) throws IOException {
        return ExperimentFile.read(
                Files.writeString(folder.resolve("experiment.yaml"), text).toString());
    }

    private void refused(String present, String reason) {
        UserException refusal =
                assertThrows(UserException.class, () -> read(START + "present: " + present));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    @Test
    void whatThereIsNotIsRefused() {
        refused("{curves: [weeks]}", "present.curves are of steps, seconds, parameters, not weeks");
        refused("{saved: {methods: [b], steps: [1]}}", "present.saved names b, which is no method");
        refused("{saved: {methods: [a]}}", "present.saved needs methods and steps");
        refused(
                "{tables: [{title: T, corner: k, columns: [x], rows: {y: [c]}}]}",
                "the table T names c; there are [a, b]");
        refused(
                "{tables: [{title: T, corner: k, columns: [x, z], rows: {y: [a]}}]}",
                "row y of the table T has 1 methods for 2 columns");
        refused(
                "{tables: [{title: T, rows: {}}]}",
                "a table needs title, corner, columns and rows");
    }

    @Test
    void statesThatNoTrainingKeepsAreRefused() {
        String train = "train: {steps: 4, save-every: 2}\n";
        String[][] cases = {
            {"", "[2]", "save-every is not given"},
            {train, "[3]", "after step 3, which its training does not keep"},
            {train, "[0]", "after step 0"},
            {train, "[-2]", "after step -2"},
            {train, "[6]", "after step 6"},
            {train, "[2, 2]", "makes a column a-2, and there is another of this name"},
        };
        for (String[] one : cases) {
            String text =
                    "name: x\ndata: {path: d}\n%smethods: [{name: a, train: {method: lora}}]\n"
                            .formatted(one[0]);
            String saved = "present: {saved: {methods: [a], steps: %s}}\n".formatted(one[1]);
            UserException refusal =
                    assertThrows(UserException.class, () -> read(text + saved), one[1]);
            assertTrue(refusal.getMessage().contains(one[2]), refusal.getMessage());
        }
    }

    @Test
    void table8HasEveryCellAndItsOwnLearningRate() {
        Plan plan = new Plan(ExperimentFile.read("nano-sparsity"), folder);
        List<String> trainings =
                plan.steps().stream()
                        .map(Step::line)
                        .filter(line -> line.startsWith("studio train"))
                        .toList();
        assertEquals(7 * 3 * 3, trainings.size(), "k, expansions and seeds");
        for (String k : List.of("1", "4", "8", "16", "32", "64")) {
            for (String expansion : List.of("1", "1.5", "2")) {
                String options = "--expansion %s --k %s --lr ".formatted(expansion, k);
                assertEquals(3, trainings.stream().filter(line -> line.contains(options)).count());
            }
        }
        assertEquals(3, trainings.stream().filter(line -> line.contains("--k 512 ")).count());
    }

    @Test
    void table9GoesBothWaysAndScoresSavedStates() {
        Plan plan = new Plan(ExperimentFile.read("nano-forgetting"), folder);
        List<String> columns = plan.columns(2).stream().map(Method::name).toList();
        assertEquals(1 + 8 + 4 * 5, columns.size(), columns::toString);
        assertTrue(columns.contains("stan-anime-then-baroque-60"), columns::toString);
        Method state =
                plan.columns(2).stream()
                        .filter(column -> column.name().equals("stan-anime-then-baroque-60"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                folder.resolve("runs/stan-anime-then-baroque-2/checkpoints/0000060").toString(),
                state.adapters().get(0).path());
        assertTrue(
                plan.steps().stream()
                        .map(Step::line)
                        .anyMatch(
                                line ->
                                        line.contains("--save-every 60")
                                                && line.contains("--style baroque --start")));
    }

    @Test
    void aTinyExperimentIsToldByTablesAndCurves() throws IOException {
        String text =
                """
                name: Tiny
                model: MODEL
                data:
                  synth: {count: 24, seed: 3, styles: [baroque, anime]}
                  split: {ratios: 70/10/20, seed: 0}
                train: {steps: 2, batch: 2, dtype: fp32, samples: 0, resolution: 64, save-every: 1,
                        validate-every: 1, log-every: 1, method: stan, features: 16, k: 3}
                methods:
                  - {name: first, train: {style: baroque}}
                  - {name: then, after: first, train: {style: anime}}
                grid:
                  pairs: [{style: baroque, content: a cat}, {style: anime, content: a boat}]
                  pictures: 2
                  steps: 1
                  width: 64
                  height: 64
                score: {}
                present:
                  saved: {methods: [then], steps: [1, 2]}
                  tables:
                    - title: Forgotten
                      corner: steps
                      columns: ["0", "1", "2"]
                      rows: {kept: [first, then-1, then-2]}
                      styles: {kept: baroque}
                    - title: Losses
                      corner: k
                      columns: [a, b]
                      rows: {"3": [first, then]}
                  curves: [steps, seconds, parameters]
                """;
        String model = Goldens.own("tiny-3.0").toAbsolutePath().toString();
        Path file = Files.writeString(folder.resolve("tiny.yaml"), text.replace("MODEL", model));
        Path out = folder.resolve("out");
        StringWriter err = new StringWriter();
        int code =
                CommandLines.run(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err, true),
                        List.of("reproduce", file.toString(), "--out", out.toString()));
        assertEquals(0, code, err::toString);
        String report = Files.readString(out.resolve("report.md"));
        String forgotten =
                report.substring(report.indexOf("## Forgotten"), report.indexOf("## Losses"));
        assertFalse(forgotten.contains("validation loss"), forgotten);
        assertTrue(forgotten.contains("`clip_i_style`, mean over the pictures."), forgotten);
        assertTrue(
                forgotten
                        .lines()
                        .anyMatch(line -> line.matches("\\| kept( \\| -?0\\.\\d{4}){3} \\|")),
                forgotten);
        String losses = report.substring(report.indexOf("## Losses"));
        assertTrue(
                losses.lines().anyMatch(line -> line.matches("\\| 3( \\| \\d+\\.\\d{4}){2} \\|")),
                losses);
        assertTrue(losses.contains("![Validation loss by parameters (Figure 6)]"), losses);
        for (String name : List.of("loss-curves", "loss-by-seconds", "loss-by-parameters")) {
            assertTrue(Files.size(out.resolve("curves/" + name + ".png")) > 1000, name);
        }
    }
}
