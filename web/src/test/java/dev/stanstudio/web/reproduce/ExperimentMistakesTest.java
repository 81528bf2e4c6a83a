package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.matrix.Method;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments that are wrong, or are changed while they run: nothing is passed over. */
class ExperimentMistakesTest {
    @TempDir private Path folder;

    private Experiment read(String text) throws IOException {
        Path file = folder.resolve("experiment.yaml");
        Files.writeString(file, text);
        return ExperimentFile.read(file.toString());
    }

    private void refused(String text, String reason) {
        UserException refusal = assertThrows(UserException.class, () -> read(text));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("java"), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }

    @Test
    void methodsThatLeaveNoAdapterCannotBeGoneOnFrom() {
        String[][] cases = {
            {"- {name: b, after: none, train: {method: lora}}", "leaves no adapter"},
            {"- {name: b, merge: {of: [none]}}", "leaves no adapter"},
            {"- {name: b, merge: {of: [none], together: true}}", "leaves no adapter"},
            {"- {name: b, merge: {of: [all]}}", "leaves no adapter"},
            {"- {name: b, after: sum, train: {method: lora}}", "leaves no adapter"},
            {"- {name: b, after: a}", "b has after but no train"},
        };
        for (String[] one : cases) {
            refused(
                    """
                    name: x
                    data: {path: d}
                    methods:
                    - {name: none}
                    - {name: a, train: {method: lora}}
                    - {name: sum, merge: {of: [a, a]}}
                    - {name: all, merge: {of: [a, sum], together: true}}
                    %s
                    """
                            .formatted(one[0]),
                    one[1]);
        }
    }

    @Test
    void sourcesAreNamedOnce() {
        String rest = "\nname: x\nmethods: [{name: a}]\n";
        refused("data: {import: []}" + rest, "data.import is empty");
        refused("data: {import: [null]}" + rest, "a source of data.import is empty");
        refused("data: {import: [{name: s}, {name: s, path: p}]}" + rest, "are called s");
    }

    @Test
    void aTextWhereAListBelongsIsNotReadAsNothing() throws IOException {
        String text = "name: x\ndata: {path: d}\nmethods: [{name: a}]\ngrid: {pairs: nano}\n";
        for (String study :
                List.of(
                        "{questions: 'Which is better made?'}",
                        "{questions: []}",
                        "{questions: [[a]]}",
                        "{questions: [null]}",
                        "{methods: a}",
                        "{methods: []}",
                        "{title: [a]}",
                        "{title: null}")) {
            Plan plan = new Plan(read(text + "study: " + study + "\n"), folder);
            ArgumentException refusal = assertThrows(ArgumentException.class, plan::steps, study);
            assertTrue(refusal.getMessage().matches("study\\.\\w+ must be .*"), study);
        }
    }

    @Test
    void messagesNameKeysAndNoClasses() {
        String rest = "\nname: x\ndata: {path: d}\n";
        String methods = rest + "methods: [{name: a}]\n";
        refused("seeds: 5" + methods, "seeds is of the wrong kind");
        refused("seeds: [a]" + methods, "seeds[0] is of the wrong kind");
        refused("score: x" + methods, "score is of the wrong kind");
        refused("present: {saved: {methods: a, steps: [1]}}" + methods, "present.saved.methods");
        refused("present: {curves: [null]}" + methods, "present is of the wrong kind");
        refused("present: {tables: [null]}" + methods, "present is of the wrong kind");
        refused("methods: [{name: a, draw: maybe}]" + rest, "methods[0].draw is of the wrong kind");
        refused("methods: [{name: a, merge: {of: a}}]" + rest, "methods[0].merge.of");
        refused("methods: [{name: a, merge: {of: [a], weight: x}}]" + rest, "merge.weight");
    }

    @Test
    void mistakesInLaterStepsAreRefusedBeforeTheFirst() throws IOException {
        Path out = folder.resolve("out");
        for (String[] one :
                new String[][] {
                    {"a, train: {method: lora, colour: red}", "", "step train-a-0: Unknown option"},
                    {"a, train: {method: lora, rank: many}", "", "step train-a-0: "},
                    {"a, train: {method: lora, help: true}", "", "--help and --version do no work"},
                    {"a, train: {method: lora, out=here: true}", "", "step train-a-0: "},
                    {"a", "grid: {pairs: nobody}", "pairs"},
                    {"a", "grid: {pairs: nano, Steps: 3}", "Steps"},
                    {"a, draw: false", "grid: {pairs: nano}", "every method has draw: false"},
                    {"a", "grid: {pairs: nano}\nscore: {part: x}", "step score: Unknown option"},
                    {"a", "grid: {pairs: nano}\nstudy: {votes: many}", "step study: "},
                }) {
            Path file =
                    Files.writeString(
                            folder.resolve("experiment.yaml"),
                            "name: x\ndata: {path: d}\nmethods: [{name: %s}]\n%s\n"
                                    .formatted(one[0], one[1]));
            StringWriter err = new StringWriter();
            int code =
                    CommandLines.run(
                            new PrintWriter(new StringWriter()),
                            new PrintWriter(err, true),
                            List.of("reproduce", file.toString(), "--out", out.toString()));
            assertTrue(code != 0 && err.toString().contains(one[2]), one[1] + err);
            assertEquals(1, err.toString().lines().count(), err.toString());
            assertFalse(Files.exists(out), one[0] + one[1]);
        }
    }

    @Test
    void aMethodThatIsAddedLaterIsDrawnAndScored() throws IOException {
        String text = "name: x\ndata: {path: d}\ngrid: {pairs: nano}\nscore: {}\nmethods:\n";
        List<String> ran = new ArrayList<>();
        for (String more : List.of("- {name: none}\n", "- {name: a, train: {method: lora}}\n")) {
            text += more;
            Plan plan = new Plan(read(text), folder);
            for (int again = 0; again < 2; again++) {
                new Pictures(plan).writeGrids();
                List<Method> columns = plan.columns(0);
                new StepRunner(
                                folder,
                                arguments -> {
                                    ran.add(arguments.get(0));
                                    return drawn(plan, arguments, columns);
                                },
                                line -> {})
                        .run(plan.machineSteps());
            }
        }
        assertEquals(List.of("grid", "score", "train", "grid", "score"), ran);
    }

    private static int drawn(Plan plan, List<String> arguments, List<Method> columns) {
        try {
            if (arguments.get(0).equals("grid")) {
                Path list = new Pictures(plan).manifest(0);
                Files.createDirectories(list.getParent());
                Files.writeString(list, columns.toString());
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
