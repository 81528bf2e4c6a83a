package dev.stanstudio.web.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.web.matrix.MatrixRow;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureMatrix;
import dev.stanstudio.web.testing.PartialAdapter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GridTest {
    private static final Path MODEL =
            Path.of("..", "sd3-runtime", "src", "test", "resources", "reference", "tiny-3.0");

    @TempDir private Path folder;

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("grid.yaml"), text);
    }

    private Grid read(String text) throws IOException {
        return GridFile.read(yaml(text));
    }

    @Test
    void productsRangesAndColumns() throws IOException {
        Grid grid =
                read(
                        """
                        contents: [a cat, a dog]
                        styles: [anime, plain]
                        seeds: [0-2, 7]
                        template: "{style}: {content}"
                        """);
        PictureMatrix matrix = grid.matrix();
        assertEquals(List.of(0L, 1L, 2L, 7L), matrix.seeds());
        assertEquals(4, matrix.rows().size());
        assertEquals(List.of(new Method("none", List.of())), matrix.columns());
        assertEquals(16, grid.cells().size());
        assertEquals("anime: a cat", matrix.rows().get(0).prompt());
        assertEquals("a cat", matrix.rows().get(1).prompt());
        Set<String> files = new HashSet<>();
        grid.cells().forEach(cell -> assertTrue(files.add(cell.file()), cell.file()));
    }

    @Test
    void seedsKeepTheir64Bits() throws IOException {
        assertEquals(
                List.of(
                        6687881544318117707L,
                        9007199254740993L,
                        Long.MAX_VALUE - 1,
                        Long.MAX_VALUE),
                read("pairs: nano\nseeds: [6687881544318117707, 9007199254740993,"
                                + " 9223372036854775806-9223372036854775807]\n")
                        .matrix()
                        .seeds());
        for (String wrong : List.of("18446744073709551615", "-1", "1.5")) {
            UserException e =
                    assertThrows(
                            UserException.class, () -> read("pairs: nano\nseeds: " + wrong), wrong);
            assertTrue(e.getMessage().contains("seeds are numbers"), e.getMessage());
        }
    }

    @Test
    void presetsHave21Styles() throws IOException {
        for (String name : List.of("appendix-e", "nano")) {
            Grid grid = read("pairs: " + name + "\nseeds: 0-3\n");
            assertEquals(
                    21,
                    grid.matrix().rows().stream().map(MatrixRow::style).distinct().count(),
                    name);
            assertEquals(84, grid.cells().size());
        }
        List<String> known = Arrays.stream(ArtStyle.values()).map(ArtStyle::words).toList();
        GridPresets.named("nano")
                .forEach(pair -> assertTrue(known.contains(pair.style()), pair.style()));
    }

    @Test
    void anAdapterWithAnEqualsSignInItsNameIsFoundBesideTheFile() throws IOException {
        Path sign = Files.createDirectories(folder.resolve("lr=1"));
        Files.createDirectories(folder.resolve("lr"));
        String pair = "pairs: [{style: anime, content: a cat}]\n";
        for (String text : List.of("lr=1", "lr=1=0.5")) {
            WeightedAdapter use =
                    read(pair + "adapters: {a: '%s'}".formatted(text))
                            .matrix()
                            .columns()
                            .get(0)
                            .adapters()
                            .get(0);
            assertEquals(sign.toString(), use.path());
            assertEquals(text.equals("lr=1") ? 1 : 0.5, use.weight());
        }
        WeightedAdapter weighed =
                read(pair + "adapters: {a: 'lr=1=0.5@blocks=0-1:0'}")
                        .matrix()
                        .columns()
                        .get(0)
                        .adapters()
                        .get(0);
        assertEquals("0-1:0", weighed.blocks().toString());
        assertEquals(0.5, weighed.weight());
    }

    @Test
    void mistakesAreNamed() throws IOException {
        String[][] cases = {
            {"pairs: none-such", "appendix-e"},
            {"pairs: nano\nseed: 3", "'seed' is no key"},
            {"pairs: nano\nseeds: x-3", "seeds"},
            {"pairs: nano\nseeds: 3-1", "seeds"},
            {"pairs: nano\nadapters: {lora: gone}", "there is no adapter"},
            {"pairs: nano\nsteps: many", "steps must be a whole number, not \"many\""},
            {"seeds: 1", "give pairs"},
            {"pairs: [{style: anime}]", "needs a content"},
            {"pairs: [", "no YAML"},
            {"pairs: nano\nadapters: {\"../x\": []}", "needs a name"},
            {"pairs: nano\nseeds: 1\nseeds: 2", "Duplicate field 'seeds'"},
            {"pairs: nano\nseeds: [" + "0-100000, ".repeat(1000) + "1]", "1000000 seeds"},
            {"model: " + "x".repeat(2 << 20), "too many for a YAML file"},
        };
        for (String[] one : cases) {
            UserException e = assertThrows(UserException.class, () -> read(one[0]), one[0]);
            assertTrue(e.getMessage().contains(one[1]), e.getMessage());
            assertTrue(!e.getMessage().contains("\n"), "one line: " + e.getMessage());
        }
    }

    @Test
    void valuesOfAnotherTypeAreRefusedAndNeverReadAsNothing() throws IOException {
        String pair = "pairs: [{style: anime, content: a cat}]\n";
        String[][] cases = {
            {"contents: [a cat]\nstyles: anime", "styles must be a list"},
            {"contents: a cat", "contents must be a list"},
            {"styles: [anime]\n" + pair, "styles need contents"},
            {"contents: [[a cat]]", "contents must be a text"},
            {"pairs: {style: anime, content: a cat}", "pairs must be a list"},
            {"pairs: [{style: [anime], content: a cat}]", "style must be a text"},
            {"pairs: [{style: anime, content: a cat, seed: 1}]", "'seed' is no key of a pair"},
            {pair + "adapters: runs/stan", "adapters must name methods"},
            {pair + "adapters: [runs/stan]", "adapters must name methods"},
            {pair + "adapters: {stan: }", "adapters.stan must be an adapter's path"},
            {pair + "adapters: {stan: 5}", "adapters.stan must be an adapter's path"},
            {pair + "adapters: {stan: {path: x}}", "adapters.stan must be an adapter's path"},
            {pair + "adapters: {stan: [{path: x}]}", "adapters.stan must be a text"},
            {pair + "template: [x]", "template must be a text"},
            {pair + "negative-prompt: {a: b}", "negative-prompt must be a text"},
            {pair + "seeds: {a: 1}", "seeds must be a text"},
            {pair + "seeds: ", "seeds are numbers and ranges such as 0-3, not ''"},
            {pair + "seeds: [null]", "seeds must be a text, not null"},
            {pair + "steps: null", "steps must be a whole number, not null"},
            {pair + "steps: \"5\"", "steps must be a whole number, not \"5\""},
            {pair + "steps: 5.0", "steps must be a whole number, not 5.0"},
            {pair + "steps: true", "steps must be a whole number, not true"},
            {pair + "width: 99999999999", "width must be a whole number, not 99999999999"},
            {pair + "guidance: \"5\"", "guidance must be a number, not \"5\""},
            {pair + "guidance: null", "guidance must be a number, not null"},
            {"contents: null", "contents must be a list such as [contents], not null"},
            {"contents: \"\"", "contents must be a list such as [contents], not \"\""},
            {"contents: [a cat, null]", "contents must be a text, not null"},
            {"pairs: null", "pairs must be a list such as [pairs], not null"},
            {"pairs: [a cat]", "a pair needs a content"},
            {"pairs: [null]", "a pair needs a content"},
            {pair + "adapters: ", "adapters must name methods"},
            {"- a cat", "a grid is a list of keys"},
            {"", "a grid is a list of keys"},
            {pair + "---\nsteps: 3", "no YAML"},
        };
        for (String[] one : cases) {
            UserException e = assertThrows(UserException.class, () -> read(one[0]), one[0]);
            assertTrue(e.getMessage().contains(one[1]), e.getMessage());
        }
    }

    @Test
    void aListThatIsNoGridsIsLeftAsItIs() throws IOException {
        Path out = Files.createDirectory(folder.resolve("theirs"));
        for (String theirs :
                List.of(
                        "{\"file_name\":\"a.png\",\"text\":\"a\"}\n",
                        "{\"file\":\"a.png\"}\n",
                        "{\"file\":\"a.png\",\"sha256\":\"short\"}\n",
                        "{\"file\":\"../a.png\",\"sha256\":\"" + "0".repeat(64) + "\"}\n",
                        "{\"file\":\n")) {
            Path list = Files.writeString(out.resolve(Manifest.FILE), theirs);
            UserException e =
                    assertThrows(UserException.class, () -> GridManifest.open(out), theirs);
            assertTrue(e.getMessage().contains("line 1"), e.getMessage());
            assertEquals(theirs, Files.readString(list));
        }
    }

    @Test
    void twoGridsDoNotRunInOneFolder() throws IOException {
        Path file = yaml("contents: [a cat]");
        Path out = folder.resolve("out");
        GridCommand grid = new GridCommand();
        grid.file = file;
        grid.out = out;
        try (FolderLock other = FolderLock.of(out, "grid")) {
            UserException e = assertThrows(UserException.class, grid::call);
            assertTrue(e.getMessage().contains("another grid is running"), e.getMessage());
            assertFalse(Files.exists(out.resolve(Manifest.FILE)));
        }
    }

    @Test
    void theCutEndOfAListIsMadeAgain() throws IOException {
        String whole = "{\"file\":\"a.png\",\"sha256\":\"" + "0".repeat(64) + "\"}\n";
        Path list = folder.resolve(Manifest.FILE);
        byte[] cut = (whole + "{\"file\":\"ä").getBytes(StandardCharsets.UTF_8);
        Files.write(list, Arrays.copyOf(cut, cut.length - 1));
        GridManifest.open(folder);
        assertEquals(whole, Files.readString(list));
    }

    private String run(Path out, String... more) {
        return run(out, new StringWriter(), more);
    }

    private String run(Path out, StringWriter err, String... more) {
        List<String> args = new ArrayList<>(List.of(folder.resolve("grid.yaml").toString()));
        args.addAll(List.of("--out", out.toString(), "--model", MODEL.toString()));
        args.addAll(List.of(more));
        CommandLine command =
                new CommandLine(new GridCommand())
                        .setErr(new PrintWriter(err))
                        .setOut(new PrintWriter(new StringWriter()))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    err.write(String.valueOf(e.getMessage()));
                                    return 1;
                                });
        int code = command.execute(args.toArray(String[]::new));
        assertEquals(0, code, err.toString());
        return err.toString();
    }

    @Test
    void aGridIsMadeOnceAndScoringReadsIt() throws IOException {
        yaml(
                """
                pairs: [{style: anime, content: a cat}]
                seeds: 4-5
                steps: 1
                width: 64
                height: 64
                """);
        Path out = folder.resolve("out");
        run(out);
        List<ListedPicture> listed = new ArrayList<>();
        PictureList.open(out, new PictureList.Defaults("x", null))
                .forEach(
                        new PictureList.Visitor() {
                            @Override
                            public void onPicture(ListedPicture picture, @Nullable Path file) {
                                assertTrue(file != null, picture.file());
                                listed.add(picture);
                            }

                            @Override
                            public void onProblem(Problem problem) {
                                throw new AssertionError(problem);
                            }
                        });
        assertEquals(2, listed.size());
        assertEquals("none", listed.get(0).method());
        assertEquals("anime", listed.get(0).style());
        assertEquals("a cat, in the style of anime", listed.get(0).prompt());
        assertEquals(List.of(4L, 5L), listed.stream().map(ListedPicture::seed).toList());
        assertTrue(Picture.read(out.resolve("contact-sheet.png")).width() > 192);

        Path first = out.resolve(listed.get(0).file());
        Path second = out.resolve(listed.get(1).file());
        byte[] bytes = Files.readAllBytes(second);
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(first, then);
        Files.delete(second);
        Path list = out.resolve(Manifest.FILE);
        String text = Files.readString(list, StandardCharsets.UTF_8);
        Files.writeString(list, text.substring(0, text.length() - 20), StandardCharsets.UTF_8);
        run(out);
        assertEquals(then, Files.getLastModifiedTime(first), "what is there is kept");
        assertTrue(Arrays.equals(bytes, Files.readAllBytes(second)), "what is gone is made again");
        assertEquals(text, Files.readString(list, StandardCharsets.UTF_8));
    }

    /** Two devices are stood in for by the CPU twice. */
    @Test
    void severalWorkersDrawWhatOneDrawsInTheSameOrder() throws IOException {
        yaml(
                """
                contents: [a cat, a dog, a house]
                styles: [anime, plain]
                seeds: 4-5
                steps: 1
                width: 64
                height: 64
                """);
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        run(one, "--device", "cpu");
        run(two, "--device", "cpu,cpu");
        String list = Files.readString(one.resolve(Manifest.FILE));
        // The hash of every picture is in its line.
        assertEquals(12, list.lines().count());
        assertEquals(list, Files.readString(two.resolve(Manifest.FILE)));
        assertArrayEquals(
                Files.readAllBytes(one.resolve("contact-sheet.png")),
                Files.readAllBytes(two.resolve("contact-sheet.png")));
    }

    @Test
    void deviceThatIsNoneIsNamed() throws IOException {
        yaml("contents: [a cat]\nstyles: [anime]\nseeds: 1\nsteps: 1\nwidth: 64\nheight: 64\n");
        AssertionError failed =
                assertThrows(
                        AssertionError.class,
                        () -> run(folder.resolve("x"), "--device", "cpu,gpu"));
        assertTrue(
                String.valueOf(failed.getMessage()).contains("no device is called 'gpu'; use cpu"),
                failed.getMessage());
    }

    @Test
    void whatOfAnAdapterIsNotAppliedIsSaid() throws IOException {
        PartialAdapter.write(folder.resolve("half.safetensors"));
        yaml(
                """
                pairs: [{content: a cat}]
                adapters: {half: half.safetensors}
                steps: 1
                width: 64
                height: 64
                """);
        Path out = folder.resolve("out");
        String first = run(out);
        assertTrue(first.contains("note: "), first);
        assertTrue(first.contains(PartialAdapter.SAID), first);
        String again = run(out);
        assertTrue(again.contains(PartialAdapter.SAID), again);
        String list = Files.readString(out.resolve(Manifest.FILE), StandardCharsets.UTF_8);
        assertFalse(list.contains("notApplied"), list);
    }

    /** Its hash stays the same, since α stands in another file than its tensors. */
    @Test
    void changedSettingOfAnAdapterIsRefusedWhereTheGridGoesOn() throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("own"));
        PartialAdapter.write(adapter.resolve("adapter_model.safetensors"));
        Path config = adapter.resolve("adapter_config.json");
        String settings = "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": %d}";
        Files.writeString(config, settings.formatted(2));
        yaml(
                """
                pairs: [{content: a cat}]
                adapters: {own: own}
                steps: 1
                width: 64
                height: 64
                """);
        Path out = folder.resolve("out");
        run(out);
        Path list = out.resolve(Manifest.FILE);
        String text = Files.readString(list, StandardCharsets.UTF_8);
        Files.writeString(config, settings.formatted(4));
        AssertionError e = assertThrows(AssertionError.class, () -> run(out));
        assertTrue(String.valueOf(e.getMessage()).contains("other settings"), e.getMessage());
        // Lists of earlier versions have no hash of the settings, and go on as before.
        Files.writeString(config, settings.formatted(2));
        String older = text.replaceAll(",\"settingsSha256\":\"[0-9a-f]{64}\"", "");
        assertNotEquals(text, older);
        Files.writeString(list, older, StandardCharsets.UTF_8);
        run(out);
        assertEquals(older, Files.readString(list, StandardCharsets.UTF_8));
    }

    /** Pictures of another type or form of weights, or of weighted words, are other pictures. */
    @Test
    void whatElseChangesThePicturesIsRefusedWhereTheGridGoesOn() throws IOException {
        String grid =
                """
                pairs: [{content: a (red:1.5) cat}]
                steps: 1
                width: 64
                height: 64
                """;
        yaml(grid);
        Path out = folder.resolve("out");
        run(out);
        Path list = out.resolve(Manifest.FILE);
        String text = Files.readString(list, StandardCharsets.UTF_8);
        assertGoesNotOn("(dtype)", out, "--dtype", "bf16");
        assertGoesNotOn("(quantize)", out, "--quantize", "int8");
        yaml(grid + "prompt-syntax: weighted\n");
        assertGoesNotOn("(prompt_syntax)", out);
        String changed = text.replaceFirst("(\"model_settings\":\"[0-9a-f]{60})....", "$10000");
        assertNotEquals(text, changed);
        Files.writeString(list, changed, StandardCharsets.UTF_8);
        yaml(grid);
        assertGoesNotOn("(model_settings)", out);
        Files.writeString(list, text, StandardCharsets.UTF_8);
        assertEquals(text, Files.readString(list, StandardCharsets.UTF_8));
        yaml(grid);
        // Lists of earlier versions do not name the type, and go on as before.
        String older =
                text.replace(",\"dtype\":\"fp32\"", "")
                        .replaceFirst(",\"model_settings\":\"[0-9a-f]{64}\"", "");
        assertNotEquals(text, older);
        Files.writeString(list, older, StandardCharsets.UTF_8);
        run(out);
        assertEquals(older, Files.readString(list, StandardCharsets.UTF_8));
    }

    private void assertGoesNotOn(String what, Path out, String... more) {
        AssertionError e = assertThrows(AssertionError.class, () -> run(out, more));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("was made with other settings " + what), message);
    }

    /** The list names the adapter by what it was when the grid began. */
    @Test
    void anAdapterThatIsReplacedWhileTheGridRunsIsNotTakenForTheFirst() throws IOException {
        Path adapter = Files.createDirectory(folder.resolve("own"));
        PartialAdapter.write(adapter.resolve("adapter_model.safetensors"));
        Path config = adapter.resolve("adapter_config.json");
        String settings = "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": %d}";
        Files.writeString(config, settings.formatted(2));
        yaml(
                """
                pairs: [{content: a cat}, {content: a dog}]
                adapters: {own: own}
                steps: 1
                width: 64
                height: 64
                """);
        Path out = folder.resolve("out");
        AtomicBoolean replaced = new AtomicBoolean();
        StringWriter editing =
                new StringWriter() {
                    @Override
                    public void write(String text, int from, int length) {
                        super.write(text, from, length);
                        if (toString().contains("pictures: 1 of 2")
                                && replaced.compareAndSet(false, true)) {
                            try {
                                Files.writeString(config, settings.formatted(64));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }
                    }
                };
        AssertionError e = assertThrows(AssertionError.class, () -> run(out, editing));
        String said = String.valueOf(e.getMessage());
        assertTrue(said.contains("own has changed since the grid began"), said);
        Path list = out.resolve(Manifest.FILE);
        assertEquals(1, Files.readAllLines(list, StandardCharsets.UTF_8).size());
        Files.writeString(config, settings.formatted(2));
        run(out);
        assertEquals(2, Files.readAllLines(list, StandardCharsets.UTF_8).size());
    }

    @Test
    void anAdapterThatCannotBeReadIsNamedBeforeThePictures() throws IOException {
        Path training = Files.createDirectories(folder.resolve("run"));
        PartialAdapter.write(training.resolve("best.safetensors"));
        PartialAdapter.write(training.resolve("checkpoint.safetensors"));
        Path adapter = Files.createDirectory(training.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{}");
        yaml(
                """
                pairs: [{content: a cat}]
                adapters: {none: [], run: run}
                steps: 1
                width: 64
                height: 64
                """);
        Path out = folder.resolve("out");
        AssertionError e = assertThrows(AssertionError.class, () -> run(out));
        String said = String.valueOf(e.getMessage());
        assertTrue(said.contains("name its adapter, " + adapter), said);
        assertFalse(Files.exists(out.resolve("none")), said);
    }

    @Test
    void anotherGridInTheSameFolderIsRefused() throws IOException {
        yaml("pairs: [{content: a cat}]\nsteps: 1\nwidth: 64\nheight: 64\n");
        Path out = folder.resolve("out");
        run(out);
        yaml("pairs: [{content: a cat}]\nsteps: 2\nwidth: 64\nheight: 64\n");
        AssertionError e = assertThrows(AssertionError.class, () -> run(out));
        assertTrue(String.valueOf(e.getMessage()).contains("other settings"), e.getMessage());
    }
}
