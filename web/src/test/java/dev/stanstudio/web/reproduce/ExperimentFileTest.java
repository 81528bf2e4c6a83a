package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.bench.ModelShape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
            String first = preset.equals("paper") ? "import wikiart --out" : "synth --count";
            assertTrue(steps.get(0).line().startsWith("studio dataset " + first), preset);
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
    void styleByReferenceIsDrawnOnce() throws IOException {
        Experiment experiment =
                read(
                        """
                        name: x
                        data: {path: wikiart}
                        model: sd3-medium
                        seeds: [1, 2]
                        methods:
                        - {name: pictures}
                        - {name: both, train: {method: stan}}
                        grid:
                          contents: [a cat]
                          references:
                            pictures: {ip-adapter: /ip=0.7, style-images: [/a.png]}
                            both: {ip-adapter: /ip, style-images: [/b.png]}
                        """);
        Path out = Files.createDirectory(folder.resolve("out"));
        new Pictures(new Plan(experiment, out)).writeGrids();
        assertTrue(Files.readString(out.resolve("grid-1.yaml")).contains("/a.png"));
        String later = Files.readString(out.resolve("grid-2.yaml"));
        assertTrue(later.contains("/b.png") && !later.contains("/a.png"), later);
    }

    /** Table 14, appendix E, 300 pictures a style, and the study of Table 7. */
    @Test
    void thePapersExperimentIsThePapers() {
        Experiment paper =
                ExperimentFile.read("paper")
                        .with("my-sd3", Map.of("wikiart", Path.of("/data/wikiart")));
        List<String> lines =
                new Plan(paper, Path.of("out")).steps().stream().map(Step::line).toList();
        assertEquals(
                List.of(
                        "studio dataset import /data/wikiart --out out/data",
                        "studio dataset import dualstylegan --out out/data",
                        "studio dataset split out/data --ratios 85/5/5/5 --seed 0"),
                lines.subList(0, 3));
        String course =
                "studio train --preset paper --steps 3000 --resolution 1024 --batch 1 --lr 4.0E-4"
                        + " --dtype bf16 --checkpointing --method ";
        String rest = " --model my-sd3 --data out/data --seed 0 --out out/runs/";
        assertEquals(course + "lora --rank 32 --alpha 1" + rest + "lora-0", lines.get(3));
        assertEquals(course + "stan --features 512 --k 96" + rest + "stan-0", lines.get(4));
        assertTrue(lines.get(7).contains("--styles cartoon,anime,rococo,post-impressionism"));
        assertTrue(lines.get(7).contains("--per-style 300"), lines.get(7));
        assertTrue(
                lines.get(8)
                        .endsWith(
                                "--question 'Which image best matches the target style and has the"
                                    + " highest overall visual quality?' --all-at-once --no-ties"
                                    + " --prompts 20 --prompts-seed 0 --votes 501 --receipt"
                                    + " out/study.json"),
                lines.get(8));
        assertThrows(ArgumentException.class, () -> paper.with(null, Map.of("coco", Path.of("x"))));
    }

    @Test
    void aDryRunOnAPublishedModelEstimatesEveryCommand() {
        Plan plan = new Plan(ExperimentFile.read("paper"), Path.of("out"));
        StringWriter text = new StringWriter();
        new DryRun(plan, Card.RTX4090, new PrintWriter(text, true)).print(plan.steps());
        System.out.println(text);
        List<String> lines = text.toString().lines().toList();
        assertEquals(2 * plan.steps().size() + 1, lines.size());
        assertTrue(lines.get(7).matches("# estimate: .* on one NVIDIA RTX 4090"), lines.get(7));
        assertTrue(
                lines.get(lines.size() - 1)
                        .endsWith("without encoding the collection; not measured."));
        CostModel model = new CostModel(plan, ModelShape.SD3_MEDIUM, Card.RTX4090);
        // 24 blocks of 24 d² n + 4 n² d operations at d = 1536, n = 4096 + 333.
        assertEquals(8.9e12, model.pass(1024), 0.1e12);
        double trained = model.of(plan.steps().get(3)).orElseThrow().seconds();
        assertEquals(3000 * 3 * model.pass(1024) / (165e12 * 0.35), trained, 1);
        // 21 pairs, 3 methods, 4 pictures, 28 steps with guidance.
        double drawn = model.of(plan.steps().get(5)).orElseThrow().seconds();
        assertEquals(21 * 3 * 4 * 28 * 2 * model.pass(1024) / (165e12 * 0.35), drawn, 1);
        StringWriter plain = new StringWriter();
        Plan nano = new Plan(ExperimentFile.read("nano"), Path.of("out"));
        new DryRun(nano, null, new PrintWriter(plain, true)).print(nano.steps());
        assertEquals(nano.steps().size(), plain.toString().lines().count());
    }

    @Test
    void mergedMethodsJoinThoseBeforeThem() throws IOException {
        Experiment experiment =
                read(
                        """
                        name: x
                        data: {path: wikiart}
                        methods:
                        - {name: a, draw: false, train: {method: lora, style: anime}}
                        - {name: b, draw: false, train: {method: lora, style: baroque}}
                        - {name: both, merge: {of: [a, b], method: ties, density: 0.2}}
                        - {name: at-once, merge: {of: [a, b], together: true, weight: 0.5}}
                        grid: {pairs: nano}
                        """);
        Plan plan = new Plan(experiment, folder.resolve("out"));
        assertTrue(
                plan.steps()
                        .get(2)
                        .line()
                        .matches(
                                "studio adapter merge \\S+/a-0/adapter \\S+/b-0/adapter --density"
                                        + " 0.2 --method ties --out \\S+/merged/both-0"),
                plan.steps().get(2).line());
        assertEquals(4, plan.steps().size());
        assertEquals(
                List.of("both: both-0 1.0", "at-once: adapter 0.5, adapter 0.5"),
                plan.columns(0).stream()
                        .map(
                                column ->
                                        column.name()
                                                + ": "
                                                + column.adapters().stream()
                                                        .map(
                                                                use ->
                                                                        use.toPath().getFileName()
                                                                                + " "
                                                                                + use.weight())
                                                        .collect(Collectors.joining(", ")))
                        .toList());
        refused(
                "name: x\ndata: {path: d}\nmethods: [{name: m, merge: {of: [a]}}]\n",
                "goes on after a, which does not stand before it");
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
