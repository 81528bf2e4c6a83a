package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large pictures in {@code studio generate} and {@code studio grid}: drawn, kept, repeated. */
class HiresCommandsTest {
    private static final Path UPSCALER = Goldens.own("upscalers/old.safetensors");

    @TempDir Path folder;

    private static Run run(String command, String... more) {
        List<String> args =
                new ArrayList<>(List.of(command, "--model", Goldens.own("tiny-3.0").toString()));
        args.addAll(List.of(more));
        return Run.of(
                new Interruption(Thread.currentThread()),
                ServiceLoader.load(StudioCommand.class),
                args.toArray(String[]::new));
    }

    private Run generate(String name, String... more) {
        String options =
                "--prompt=moon --width=64 --height=48 --steps=2 --seed=3 --out="
                        + folder.resolve(name);
        List<String> args = new ArrayList<>(List.of(options.split(" ")));
        args.addAll(List.of(more));
        return run("generate", args.toArray(String[]::new));
    }

    private static GenerationRequest request(Path picture) {
        return Provenance.read(picture).orElseThrow().request();
    }

    @Test
    void aLargePictureIsRepeatedAndItsPassTakenAway() throws IOException {
        Path first = folder.resolve("first.png");
        Run drawn =
                generate(
                        "first.png",
                        "--hires=1.5,strength=0.5,by=" + UPSCALER,
                        "--upscale=" + UPSCALER,
                        "--json");
        assertEquals(ExitCodes.DONE, drawn.code(), drawn.err());
        assertTrue(drawn.out().contains("\"hires\""), drawn.out());
        assertEquals(4 * 96, PictureHeader.of(first).width());
        assertEquals(4 * 80, PictureHeader.of(first).height());
        assertNotNull(request(first).upscaler());
        Path again = folder.resolve("again.png");
        assertEquals(ExitCodes.DONE, run("generate", "--from=" + first, "--out=" + again).code());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(again));
        Path plain = folder.resolve("plain.png");
        Run without =
                run(
                        "generate",
                        "--from=" + first,
                        "--hires=none",
                        "--upscale=none",
                        "--out=" + plain);
        assertEquals(ExitCodes.DONE, without.code(), without.err());
        assertEquals(64, PictureHeader.of(plain).width());
        assertNull(request(plain).hires());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--hires=0                | must be above 1 up to 4, not 0",
                "--hires=100              | must be above 1 up to 4, not 100",
                "--hires=NaN              | is not of the form SCALE",
                "--hires=2,strength=1.5   | strength of a hires pass must be above 0 up to 1",
                "--hires=2,by=gone        | there is no upscaler at gone",
                "--upscale=gone           | there is no upscaler at gone",
                "--hires=4                | at most 192 pixels a side",
            })
    void refusesInOneLine(String option, String words) {
        Run refused = generate("none.png", option);
        assertTrue(refused.code() == 1 || refused.code() == 2, refused.err());
        assertTrue(refused.err().contains(words), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
    }

    @Test
    void aGridDrawsLargePicturesAndKnowsThemAgain() throws IOException {
        Files.copy(UPSCALER, folder.resolve("net.safetensors"));
        Path yaml = folder.resolve("grid.yaml");
        String grid = "contents: [a cat]\nsteps: 2\nwidth: 64\nheight: 48\nhires: 1.5,by=%s\n";
        Files.writeString(yaml, grid.formatted("net.safetensors") + "upscale: net.safetensors\n");
        String out = "--out=" + folder.resolve("out");
        Run drawn = run("grid", yaml.toString(), out);
        assertEquals(ExitCodes.DONE, drawn.code(), drawn.err());
        Path picture;
        try (var files = Files.walk(folder.resolve("out"))) {
            picture = files.filter(f -> f.toString().endsWith("-0.png")).findFirst().orElseThrow();
        }
        assertEquals(4 * 96, PictureHeader.of(picture).width());
        Run again = run("grid", yaml.toString(), out);
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        Files.writeString(yaml, grid.formatted("latent"));
        Run other = run("grid", yaml.toString(), out);
        assertTrue(other.code() != ExitCodes.DONE, other.out());
        Files.writeString(yaml, grid.formatted("x,y"));
        Run unknown = run("grid", yaml.toString(), "--out=" + folder.resolve("other"));
        assertTrue(unknown.err().contains("there is no upscaler"), unknown.err());
    }
}
