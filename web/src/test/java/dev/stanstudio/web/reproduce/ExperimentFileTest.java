package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentFileTest {
    @TempDir private Path folder;

    private Experiment read(String text) throws IOException {
        Path file = folder.resolve("experiment.yaml");
        Files.writeString(file, text);
        return ExperimentFile.read(file.toString());
    }

    private void refused(String text, String reason) {
        UserException refusal = assertThrows(UserException.class, () -> read(text));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }

    @Test
    void repeatedKeysAndHugeTextsAreRefused() {
        refused("name: x\nname: y\n", "Duplicate field 'name'");
        refused("name: " + "x".repeat(2 << 20), "too many for a YAML file");
    }

    @Test
    void presetsArePlans() {
        for (String preset : ExperimentFile.PRESETS) {
            Plan plan = new Plan(ExperimentFile.read(preset), folder.resolve("out"));
            List<Step> steps = plan.steps();
            long names = steps.stream().map(Step::name).distinct().count();
            assertEquals(steps.size(), names, preset);
            assertTrue(steps.get(0).line().startsWith("studio dataset synth --count"), preset);
        }
    }

    @Test
    void aMethodsOptionsComeAfterTheCommonOnes() throws IOException {
        Experiment experiment =
                read(
                        """
                        name: x
                        data: {path: wikiart}
                        model: sd3-medium
                        train: {lr: 1e-3, steps: 10}
                        seeds: [7]
                        methods:
                        - {name: none}
                        - {name: a, train: {method: stan, lr: 2e-3, tied: true}}
                        - {name: b, after: a, train: {method: stan, targets: [p, q]}}
                        """);
        List<Step> steps = new Plan(experiment, Path.of("out")).steps();
        assertEquals(
                List.of(
                        "studio train --lr 0.002 --steps 10 --method stan --tied --model sd3-medium"
                                + " --data wikiart --seed 7 --out out/runs/a-7",
                        "studio train --lr 0.001 --steps 10 --method stan --targets p,q --model"
                                + " sd3-medium --start out/runs/a-7/adapter --data wikiart --seed 7"
                                + " --out out/runs/b-7"),
                steps.stream().map(Step::line).toList());
    }

    @Test
    void featuresAreReadAndPeopleAskedLast() throws IOException {
        Experiment experiment =
                read(
                        """
                        name: Boats
                        data: {path: wikiart}
                        methods: [{name: none}, {name: a, train: {method: stan}}]
                        grid: {pairs: nano}
                        analyze: {method: a, per-style: 8}
                        study: {questions: ["Which fits, if any?", "Better?"], votes: 5, no-ties: true}
                        """);
        List<Step> steps = new Plan(experiment, Path.of("out")).steps();
        assertEquals(
                List.of(
                        "studio adapter analyze out/runs/a-0/adapter --per-style 8 --data wikiart"
                                + " --out out/analysis",
                        "studio study create out/study.jsonl --title Boats --question 'Which fits,"
                                + " if any?' --question 'Better?' --votes 5 --no-ties --receipt"
                                + " out/study.json"),
                steps.subList(steps.size() - 2, steps.size()).stream().map(Step::line).toList());
    }

    @Test
    void partsThatAreLeftOutAreNamed() {
        String data = "name: x\ndata: {path: d}\n";
        refused(data + "methods: [null]\n", "a method of methods is empty");
        refused(data + "methods: [{train: {}}]\n", "a method has no name");
        refused(data + "methods: [{name: a}]\nseeds: [0, null]\n", "seeds must be whole numbers");
        refused("name: x\nmethods: [{name: a}]\n", "data is missing");
        refused("data: {path: d}\nmethods: [{name: a}]\n", "name is missing");
    }

    @Test
    void gridsOfSeedsAndCountsThatCannotBeAreRefusedBeforeTraining() throws IOException {
        String[][] cases = {
            {"seeds: [9223372036854775807]\ngrid: {pairs: nano}", "seeds must be 0 … "},
            {"seeds: [-1]\ngrid: {pairs: nano}", "seeds must be 0 … "},
            {"grid: {pairs: nano, pictures: many}", "grid.pictures must be 1 … 1000"},
            {"grid: {pairs: nano, pictures: 2.7}", "grid.pictures must be 1 … 1000"},
        };
        for (String[] one : cases) {
            Experiment experiment =
                    read("name: x\ndata: {path: d}\nmethods: [{name: a}]\n" + one[0] + "\n");
            Pictures pictures = new Pictures(new Plan(experiment, folder));
            ArgumentException refusal =
                    assertThrows(ArgumentException.class, pictures::writeGrids, one[0]);
            assertTrue(refusal.getMessage().contains(one[1]), refusal.getMessage());
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        String data = "name: x\ndata: {path: d}\n";
        refused(data + "methods: []\n", "methods are missing");
        refused(
                data + "methods: [{name: a}]\ncolour: red\n",
                "unknown key colour; there are [analyze, data, grid, methods");
        refused("name: x\ndata: {}\nmethods: [{name: a}]\n", "data needs either path or synth");
        refused(data + "methods: [{name: a}, {name: a}]\n", "two methods are called a");
        refused(data + "methods: [{name: b, after: a}]\n", "goes on after a");
        refused(data + "methods: [{name: a b}]\n", "method 'a b' must be letters");
        refused(data + "methods: [{name: a}]\nscore: {}\n", "score needs grid");
        refused(data + "methods: [{name: a}]\nstudy: {}\n", "study needs grid");
        refused(data + "methods: [{name: a\n", "line 3");
        assertTrue(
                assertThrows(UserException.class, () -> ExperimentFile.read("nanoo"))
                        .getMessage()
                        .contains("there are the presets nano, "));
    }

    @Test
    void methodsThatAreNotThereCannotBeAskedAbout() throws IOException {
        String text = "name: x\ndata: {path: d}\nmethods: [{name: a}]\ngrid: {pairs: nano}\n";
        Plan study = new Plan(read(text + "study: {methods: [b]}\n"), folder);
        Plan analysis = new Plan(read(text + "analyze: {method: a}\n"), folder);
        assertTrue(
                assertThrows(RuntimeException.class, study::steps)
                        .getMessage()
                        .contains("study.methods names the method 'b'; there are [a]"));
        assertTrue(
                assertThrows(RuntimeException.class, analysis::steps)
                        .getMessage()
                        .contains("a has no adapter"));
    }

    @Test
    void whatTheExperimentSetsCannotBeSet() throws IOException {
        Experiment experiment =
                read("name: x\ndata: {path: d}\nmethods: [{name: a, train: {seed: 1}}]\n");
        Plan plan = new Plan(experiment, folder);
        assertTrue(
                assertThrows(RuntimeException.class, plan::steps)
                        .getMessage()
                        .contains("train.seed is set by the experiment itself"));
    }
}
