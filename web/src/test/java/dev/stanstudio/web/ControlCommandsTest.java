package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control networks in {@code studio generate} and {@code studio grid}: drawn, kept, repeated. */
class ControlCommandsTest {
    private static final String NETWORK = Goldens.own("controls/joint").toString();

    @TempDir Path folder;

    private Path lines;

    @BeforeEach
    void copyPicture() throws IOException {
        lines = Files.copy(Goldens.own("inputs/picture.png"), folder.resolve("lines.png"));
    }

    private static Run run(String command, String... more) {
        String model = Goldens.own("tiny-3.0").toString();
        List<String> args = new ArrayList<>(List.of(command, "--model", model));
        args.addAll(List.of(more));
        return Run.of(
                new Interruption(Thread.currentThread()),
                ServiceLoader.load(StudioCommand.class),
                args.toArray(String[]::new));
    }

    private static Run generate(Path out, String... more) {
        String options = "--prompt=moon --width=64 --height=48 --steps=2 --seed=3 --out=" + out;
        List<String> args = new ArrayList<>(List.of(options.split(" ")));
        args.addAll(List.of(more));
        return run("generate", args.toArray(String[]::new));
    }

    private static List<ControlInput> controls(Path picture) {
        return Provenance.read(picture).orElseThrow().request().controls();
    }

    @Test
    void aControlledPictureIsRepeated() throws IOException {
        Path first = folder.resolve("first.png");
        String control = "--control=%s=canny(50,100):%s@0.8:0-0.9".formatted(NETWORK, lines);
        Run drawn = generate(first, control, "--control=" + NETWORK + "=" + lines, "--json");
        assertEquals(ExitCodes.DONE, drawn.code(), drawn.err());
        JsonNode listed = new ObjectMapper().readTree(drawn.out()).path(0).path("controls");
        assertEquals("canny(50,100)", listed.path(0).path("preprocessor").asText());
        assertEquals(2, listed.size());
        assertNotNull(controls(first).get(0).fingerprint());
        Path second = folder.resolve("second.png");
        Run again = run("generate", "--from=" + first, "--out=" + second);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        Files.copy(Goldens.own("inputs/mask.png"), folder.resolve("other.png"));
        Files.move(
                folder.resolve("other.png"),
                lines,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Run changed = run("generate", "--from=" + first, "--out=" + second);
        assertEquals(ExitCodes.FAILED, changed.code());
        assertTrue(changed.err().contains("its hash differs"), changed.err());
    }

    @Test
    void noControlPictureIsReplaced() {
        Run run = generate(lines, "--control=" + NETWORK + "=" + lines);
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code());
        assertTrue(run.err().contains("is read by this command"), run.err());
    }

    @Test
    void badControlsAreOneLine() {
        Run form = generate(folder.resolve("a.png"), "--control=" + NETWORK);
        assertEquals(ExitCodes.BAD_ARGUMENTS, form.code());
        assertTrue(form.err().contains("is not of the form MODEL="), form.err());
        Run missing = generate(folder.resolve("a.png"), "--control=gone=" + lines);
        assertEquals(ExitCodes.FAILED, missing.code());
        assertTrue(missing.err().contains("there is no ControlNet at gone"), missing.err());
    }

    @Test
    void aGridControlsAllItsPicturesAndGoesOn() throws IOException {
        Path yaml =
                Files.writeString(
                        folder.resolve("grid.yaml"),
                        """
                        contents: [a cat]
                        seeds: 4-5
                        steps: 1
                        width: 64
                        height: 64
                        control: "%s=blur(2):lines.png@0.5"
                        """
                                .formatted(NETWORK));
        Path out = folder.resolve("out");
        Run made = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, made.code(), made.err());
        List<String> list = Files.readAllLines(out.resolve("manifest.jsonl"));
        assertEquals(2, list.size());
        JsonNode line = new ObjectMapper().readTree(list.get(0));
        JsonNode control = line.path("controls").path(0);
        assertEquals(64, control.path("pictureSha256").asText().length());
        assertEquals("blur(2)", control.path("preprocessor").asText());
        Path picture = out.resolve(line.path("file").asText());
        assertEquals(0.5, controls(picture).get(0).scale());
        Run again = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        assertEquals(list, Files.readAllLines(out.resolve("manifest.jsonl")));
        Picture.read(lines).crop(0, 0, 8, 8).writePng(lines);
        Run changed = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.FAILED, changed.code());
        assertTrue(changed.err().contains("made with other settings"), changed.err());
    }

    @Test
    void theWeightOfControlIsAnAxis() throws IOException {
        String grid =
                """
                contents: [a cat]
                seeds: 4
                steps: 1
                width: 64
                height: 64
                """;
        String control = "control: \"%s=lines.png\"\n".formatted(NETWORK);
        Path yaml = folder.resolve("axis.yaml");
        Files.writeString(yaml, grid + control + "axes: {control: 0-1/0.5}\n");
        Path out = folder.resolve("out");
        Run made = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, made.code(), made.err());
        Files.writeString(yaml, grid);
        Path plain = folder.resolve("plain");
        assertEquals(ExitCodes.DONE, run("grid", yaml.toString(), "--out=" + plain).code());
        List<Path> pictures = pictures(out);
        assertEquals(
                List.of(0.0, 0.5, 1.0),
                pictures.stream().map(picture -> controls(picture).get(0).scale()).toList());
        byte[] without = Picture.read(pictures(plain).get(0)).samples();
        assertArrayEquals(without, Picture.read(pictures.get(0)).samples());
        assertFalse(Arrays.equals(without, Picture.read(pictures.get(2)).samples()));
        Files.writeString(yaml, grid + "axes: {control: 0-1/0.5}\n");
        Run refused = run("grid", yaml.toString(), "--out=" + folder.resolve("none"));
        assertTrue(refused.err().contains("the axis control needs a control picture"));
    }

    private static List<Path> pictures(Path out) throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("manifest.jsonl"))) {
            pictures.add(out.resolve(new ObjectMapper().readTree(line).path("file").asText()));
        }
        return pictures;
    }

    @Test
    void methodsBringTheirControlAndAllStartFromAPicture() throws IOException {
        Path yaml = folder.resolve("grid.yaml");
        String grid =
                """
                contents: [a cat]
                seeds: 4
                steps: 2
                width: 64
                height: 64
                control: {none: [], lines: "%s=lines.png@0.5"}
                image: {picture: lines.png, mask: mask.png, %s}
                axes: {strength: [0.5, 1], variants: "plain; schedule=linear:7-3"}
                """;
        Picture lined = Picture.read(lines);
        byte[] white = new byte[lined.width() * lined.height()];
        Arrays.fill(white, (byte) 200);
        Picture.of(lined.width(), lined.height(), PixelMode.GREY, white)
                .writePng(folder.resolve("mask.png"));
        Files.writeString(yaml, grid.formatted(NETWORK, "soft: true, crop: 4"));
        Path out = folder.resolve("out");
        Run made = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, made.code(), made.err());
        List<String> list = Files.readAllLines(out.resolve("manifest.jsonl"));
        assertEquals(8, list.size());
        for (String line : list) {
            JsonNode node = new ObjectMapper().readTree(line);
            boolean controlled = node.path("method").asText().startsWith("lines");
            assertEquals(controlled ? 1 : 0, node.path("controls").size(), line);
            assertEquals(4, node.path("image").path("crop").asInt(), line);
            assertTrue(node.path("image").path("soft").asBoolean(), line);
        }
        Run again = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        Files.writeString(yaml, grid.formatted(NETWORK, "crop: -1"));
        Run refused = run("grid", yaml.toString(), "--out=" + out);
        assertTrue(refused.err().contains("must be 0 … 4096 pixels, not -1"), refused.err());
        assertEquals(1, refused.err().strip().lines().count(), refused.err());
    }
}
