package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IP-Adapters in {@code studio generate} and {@code studio grid}: drawn, kept, repeated. */
class IpAdapterCommandsTest {
    private static final String ADAPTER = Goldens.own("ip-adapters/plain").toString();

    @TempDir Path folder;

    private Path waves;
    private Path lines;

    @BeforeEach
    void copyPictures() throws IOException {
        waves = Files.copy(Goldens.own("inputs/picture.png"), folder.resolve("waves.png"));
        lines = Files.copy(Goldens.own("controls/second.png"), folder.resolve("lines.png"));
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

    private static @Nullable IpAdapterInput adapter(Path picture) {
        return Provenance.read(picture).orElseThrow().request().ipAdapter();
    }

    @Test
    void aPictureShownAPictureIsRepeated() throws IOException {
        Path first = folder.resolve("first.png");
        Run drawn =
                generate(
                        first,
                        "--ip-adapter=" + ADAPTER + "=0.8",
                        "--style-image=" + waves,
                        "--style-image=" + lines,
                        "--json");
        assertEquals(ExitCodes.DONE, drawn.code(), drawn.err());
        JsonNode told = new ObjectMapper().readTree(drawn.out()).path(0).path("ip_adapter");
        assertEquals(0.8, told.path("scale").asDouble());
        assertEquals(64, told.path("pictures").path(1).path("sha256").asText().length());
        IpAdapterInput kept = adapter(first);
        assertNotNull(kept);
        assertNotNull(kept.fingerprint());
        Path second = folder.resolve("second.png");
        Run again = run("generate", "--from=" + first, "--out=" + second);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        Run weaker =
                run(
                        "generate",
                        "--from=" + first,
                        "--ip-adapter=" + ADAPTER + "=0.3",
                        "--out=" + second);
        assertEquals(ExitCodes.DONE, weaker.code(), weaker.err());
        IpAdapterInput changed = adapter(second);
        assertNotNull(changed);
        assertEquals(kept.pictures(), changed.pictures());
        Files.copy(lines, waves, StandardCopyOption.REPLACE_EXISTING);
        Run other = run("generate", "--from=" + first, "--out=" + second);
        assertEquals(ExitCodes.FAILED, other.code());
        assertTrue(other.err().contains("its hash differs"), other.err());
    }

    @Test
    void badOptionsAreOneLine() throws IOException {
        Path out = folder.resolve("a.png");
        String adapter = "--ip-adapter=" + ADAPTER;
        String picture = "--style-image=" + waves;
        refuses(generate(out, adapter), "needs a picture; name one with --style-image");
        refuses(generate(out, picture), "name it with --ip-adapter");
        refuses(generate(out, adapter + "=six", picture), "must be a number, not 'six'");
        refuses(generate(out, adapter + "=6", picture), "must be 0 … 5, not 6");
        refuses(generate(waves, adapter, picture), "is read by this command");
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        refuses(generate(out, adapter, "--style-image=" + text), "not a PNG");
        refuses(generate(out, "--ip-adapter=gone", picture), "there is no IP-Adapter at gone");
        String dual = Goldens.own("ip-adapters/dual").toString();
        refuses(generate(out, "--ip-adapter=" + dual, picture), "is 48 wide");
    }

    private static void refuses(Run run, String words) {
        assertNotEquals(ExitCodes.DONE, run.code());
        assertTrue(run.err().contains(words), run.err());
        assertEquals(1, run.err().strip().lines().count(), run.err());
    }

    private Path yaml(String references) throws IOException {
        return Files.writeString(
                folder.resolve("grid.yaml"),
                """
                pairs:
                  - {content: a cat, style: waves}
                  - {content: a cat, style: lines}
                adapters: {none: []}
                references:
                  pictures: {ip-adapter: "%s=0.9", style-images: %s}
                seeds: 4
                steps: 1
                width: 64
                height: 64
                """
                        .formatted(ADAPTER, references));
    }

    @Test
    void aMethodShowsEachStyleItsPictures() throws IOException {
        Path yaml = yaml("{waves: [waves.png], lines: lines.png}");
        Path out = folder.resolve("out");
        Run made = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, made.code(), made.err());
        List<String> list = Files.readAllLines(out.resolve("manifest.jsonl"));
        assertEquals(4, list.size());
        for (String line : list) {
            JsonNode node = new ObjectMapper().readTree(line);
            IpAdapterInput drawn = adapter(out.resolve(node.path("file").asText()));
            if (node.path("method").asText().equals("none")) {
                assertNull(drawn);
                assertTrue(node.path("ip_adapter").isMissingNode(), line);
                continue;
            }
            assertNotNull(drawn);
            assertEquals(0.9, drawn.scale());
            String shown = drawn.pictures().get(0).path();
            assertTrue(shown.endsWith(node.path("style").asText() + ".png"), shown);
            JsonNode told = node.path("ip_adapter").path("pictures").path(0);
            assertEquals(drawn.pictures().get(0).sha256(), told.path("sha256").asText());
        }
        Run again = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        assertEquals(list, Files.readAllLines(out.resolve("manifest.jsonl")));
        Files.copy(waves, lines, StandardCopyOption.REPLACE_EXISTING);
        Run changed = run("grid", yaml.toString(), "--out=" + out);
        assertEquals(ExitCodes.FAILED, changed.code());
        assertTrue(changed.err().contains("made with other settings"), changed.err());
    }

    @Test
    void badReferencesAreOneLine() throws IOException {
        Path out = folder.resolve("out");
        refuses(run("grid", yaml("[]").toString(), "--out=" + out), "needs a picture");
        refuses(run("grid", yaml("gone.png").toString(), "--out=" + out), "no picture gone.png");
        refuses(run("grid", yaml("3").toString(), "--out=" + out), "must be pictures' files");
        Path one = yaml("{waves: waves.png}");
        refuses(run("grid", one.toString(), "--out=" + out), "no style-images for 'lines'");
    }
}
