package dev.stanstudio.web.grid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.matrix.MatrixCell;
import dev.stanstudio.web.testing.SavedStatesOfRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes and choices of a grid's YAML. */
class GridAxesTest {
    @TempDir Path folder;

    private Grid read(String text) throws IOException {
        return GridFile.read(Files.writeString(folder.resolve("grid.yaml"), text));
    }

    @Test
    void valuesNameMethodsAndFolders() throws IOException {
        Grid grid = read("contents: [a cat]\nseeds: 0-1\naxes: {guidance: 1-3/2, steps: 4}\n");
        assertEquals(
                List.of("none · guidance 1 · steps 4", "none · guidance 3 · steps 4"),
                grid.cells().stream().map(MatrixCell::method).distinct().toList());
        assertEquals("none-guidance-1-steps-4/000-a-cat-0.png", grid.cells().get(0).file());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{colour: 1}                | colour",
                "{guidance: 1-7}            | step",
                "{guidance: true}           | axes.guidance",
                "[guidance]                 | axes must name settings",
                "{strength: 0.5}            | picture to start from",
                "{weight: 1}                | needs an adapter",
                "{blocks: '0:1,0:2'}        | name 0 twice",
                "{checkpoint: 10}           | an adapter with saved states",
                "{steps: 1, shift: 1, guidance: 1, sampler: euler} | at most 3 axes",
            })
    void whatIsNoAxisIsNamedInOneLine(String axes, String named) {
        UserException e =
                assertThrows(
                        UserException.class, () -> read("contents: [a]\naxes: " + axes + "\n"));
        assertTrue(String.valueOf(e.getMessage()).contains(named), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    @Test
    void statesAndBlocksVary() throws IOException {
        SavedStatesOfRun.write(folder.resolve("run"));
        String text =
                """
                contents: [a]
                adapters: {run: run/adapter}
                axes: {checkpoint: [10, final], blocks: ["0", "0:1,1:0"]}
                """;
        assertEquals(
                List.of(
                        "run/checkpoints/0000010 0",
                        "run/checkpoints/0000010 0:1,1:0",
                        "run/adapter 0",
                        "run/adapter 0:1,1:0"),
                read(text).cells().stream()
                        .map(cell -> cell.variation(SamplingOptions.of(1, 1), null))
                        .map(varied -> varied.method().adapters().get(0))
                        .map(use -> folder.relativize(use.toPath()) + " " + use.blocks())
                        .toList());
        String unknown = text.replace("10, final", "15");
        UserException e = assertThrows(UserException.class, () -> read(unknown));
        assertTrue(
                String.valueOf(e.getMessage()).contains("there are 10, 20, final"), e.getMessage());
    }

    @Test
    void methodsThatDrewTheSamePicturesAreNamed() throws IOException {
        String text =
                """
                contents: [a cat, a dog]
                seeds: 0-1
                axes: {guidance: '1', variants: 'plain; apg; cfg-zero; interval=0-0.5'}
                """;
        List<MatrixCell> cells = read(text).cells();
        List<String> methods = cells.stream().map(MatrixCell::method).distinct().toList();
        for (MatrixCell cell : cells) {
            int method = methods.indexOf(cell.method());
            // The third differs in its last picture alone, the fourth is as the second and first.
            boolean last = cell.row() == 1 && cell.seed() == 1;
            byte level = (byte) (10L * cell.row() + cell.seed() + (method == 2 && last ? 1 : 0));
            Path file = folder.resolve(cell.file());
            Files.createDirectories(file.getParent());
            Picture.of(1, 1, PixelMode.RGB, new byte[] {level, level, level}).writePng(file);
        }
        assertEquals(
                List.of(
                        "%s, %s, %s drew the same pictures: what they differ in changes nothing here"
                                .formatted(
                                        MethodNames.shown(methods.get(0)),
                                        MethodNames.shown(methods.get(1)),
                                        MethodNames.shown(methods.get(3)))),
                EqualMethods.notes(cells, folder));
        List<MatrixCell> two =
                cells.stream()
                        .filter(cell -> List.of(1, 2).contains(methods.indexOf(cell.method())))
                        .toList();
        assertEquals(List.of(), EqualMethods.notes(two, folder));
    }

    @Test
    void choicesAreMadeWhereTheFileAsksForThem() throws IOException {
        String text = "contents: ['a {red|blue} cat']\nstyles: [anime]\nseeds: 0-31\n";
        Set<String> prompts = new HashSet<>();
        Grid chosen = read(text + "choices: true\n");
        chosen.cells().forEach(cell -> prompts.add(cell.pair().prompt()));
        assertEquals(
                Set.of("a red cat, in the style of anime", "a blue cat, in the style of anime"),
                prompts);
        assertEquals("a {red|blue} cat", read(text).cells().get(0).pair().content());
        assertEquals(1, chosen.alike());
    }
}
