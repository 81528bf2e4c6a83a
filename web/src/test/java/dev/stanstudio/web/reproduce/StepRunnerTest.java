package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepRunnerTest {
    @TempDir private Path folder;

    private final List<List<String>> ran = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int failing = -1;

    private StepRunner runner() {
        return new StepRunner(
                folder,
                arguments -> {
                    ran.add(arguments);
                    return ran.size() - 1 == failing ? 1 : 0;
                },
                told::add);
    }

    private static Step step(String name, String... arguments) {
        return new Step(name, List.of(arguments));
    }

    @Test
    void whatIsDoneIsNotRunAgain() {
        List<Step> steps = List.of(step("one", "a"), step("two", "b c", "it's"));
        runner().run(steps);
        assertEquals(List.of(List.of("a"), List.of("b c", "it's")), ran);
        assertEquals("[two] studio 'b c' 'it'\\''s'", told.get(1));
        runner().run(steps);
        assertEquals(2, ran.size());
    }

    @Test
    void aFailureNamesTheStepAndTheNextRunBeginsThere() {
        failing = 1;
        List<Step> steps = List.of(step("one", "a"), step("two", "b"), step("three", "c"));
        UserException failure = assertThrows(UserException.class, () -> runner().run(steps));
        assertTrue(failure.getMessage().startsWith("step two failed"), failure.getMessage());
        failing = -1;
        runner().run(steps);
        assertEquals(List.of(List.of("a"), List.of("b"), List.of("b"), List.of("c")), ran);
    }

    @Test
    void otherSettingsAreRefused() {
        runner().run(List.of(step("one", "a")));
        UserException refusal =
                assertThrows(UserException.class, () -> runner().run(List.of(step("one", "b"))));
        assertTrue(refusal.getMessage().contains("with other settings (studio a)"));
        assertEquals(1, ran.size());
    }

    @Test
    void aResultThatIsThereCountsAsDone() throws IOException {
        Path result = Files.createDirectory(folder.resolve("adapter"));
        runner().run(List.of(new Step("one", List.of("a"), result)));
        assertTrue(ran.isEmpty());
        assertTrue(Files.exists(folder.resolve("steps/one.done")));
    }

    @Test
    void aStepRunsAgainWhenWhatItReadsHasChanged() throws IOException {
        Path file = Files.writeString(folder.resolve("grid.yaml"), "steps: 1");
        Path adapter = folder.resolve("adapter");
        Step step = step("grid", "a").reading(List.of(file, adapter));
        runner().run(List.of(step));
        runner().run(List.of(step));
        assertEquals(1, ran.size(), "nothing has changed");
        Files.writeString(file, "steps: 3");
        runner().run(List.of(step));
        assertEquals(2, ran.size(), "the file has changed");
        Files.createDirectory(adapter);
        Files.writeString(adapter.resolve("weights"), "1");
        runner().run(List.of(step));
        runner().run(List.of(step));
        assertEquals(3, ran.size(), "a file of the folder is new");
    }

    @Test
    void whatWasMadeOfSomethingElseIsNotTakenForDone() throws IOException {
        Path list = Files.writeString(folder.resolve("study.jsonl"), "one");
        Path receipt = folder.resolve("study.json");
        Step step = new Step("study", List.of("a"), receipt, List.of(list));
        runner().run(List.of(step));
        Files.writeString(receipt, "{}");
        runner().run(List.of(step));
        assertEquals(1, ran.size());
        Files.writeString(list, "two");
        UserException refusal =
                assertThrows(UserException.class, () -> runner().run(List.of(step)));
        assertTrue(refusal.getMessage().contains("what it read has changed since"));
        assertEquals(1, ran.size());
    }

    @Test
    void recordsOfEarlierVersionsSayNothingOfWhatWasRead() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path result = Files.createDirectory(folder.resolve("result"));
        Files.createDirectory(folder.resolve("steps"));
        Files.writeString(folder.resolve("steps/grid.done"), "studio a\n");
        Files.writeString(folder.resolve("steps/study.done"), "studio b\n");
        Step grid = step("grid", "a").reading(List.of(file));
        Step study = new Step("study", List.of("b"), result, List.of(file));
        runner().run(List.of(grid, study));
        runner().run(List.of(grid, study));
        assertEquals(List.of(List.of("a")), ran, "what can be made again is");
    }
}
