package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in models as users call them and train them. */
class BuiltInModelTest {
    private static final String MODELS = "studio.models";

    @TempDir Path folder;

    @BeforeEach
    void sayWhereTheyLie() {
        System.setProperty(MODELS, Path.of("..", "sd3-runtime", "models").toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(MODELS);
    }

    private static Run studio(String... args) {
        return Run.of(
                new Interruption(Thread.currentThread()),
                ServiceLoader.load(StudioCommand.class),
                args);
    }

    @Test
    void withoutAModelItIsNano() throws IOException {
        Path file = folder.resolve("castle.png");
        Run run =
                studio(
                        "generate",
                        "--prompt",
                        "a castle on a hill at night",
                        "--steps",
                        "4",
                        "--json",
                        "--out",
                        file.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        JsonNode made = new ObjectMapper().readTree(run.out()).path(0);
        assertEquals("sd3-nano", made.path("model").asText());
        Picture picture = Picture.read(file);
        assertEquals(128, picture.width());
        assertEquals(128, picture.height());
    }

    @Test
    void itIsFoundByName() {
        Run run = studio("doctor");
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertTrue(run.out().contains("sd3-nano"), run.out());
    }

    @Test
    void aTrainingGoesOnOnlyWithItsOwnSettings() throws IOException {
        String out = folder.resolve("vae").toString();
        String[] small = {
            "pretrain",
            "vae",
            "--out",
            out,
            "--steps",
            "1",
            "--batch",
            "2",
            "--crop",
            "16",
            "--pictures",
            "2"
        };
        Run first = studio(small);
        assertEquals(ExitCodes.DONE, first.code(), first.err());
        assertTrue(Files.exists(folder.resolve("vae/export/vae/config.json")));
        assertTrue(Files.readString(folder.resolve("vae/log.jsonl")).contains("\"psnr\""));
        small[5] = "2";
        Run other = studio(small);
        assertEquals(ExitCodes.FAILED, other.code());
        assertEquals(1, other.err().lines().count(), other.err());
        assertTrue(other.err().contains("was started with other settings"), other.err());
    }

    @Test
    void badArgumentsGetOneLine() {
        String out = folder.resolve("run").toString();
        assertRefused(
                "cannot be cut into 3 equal shards",
                "pretrain",
                "vae",
                "--out",
                out,
                "--shards",
                "3");
        assertRefused(
                "pretrain needs one of its commands: clip, control, dino, judge, mmdit, neighbours,"
                        + " sample, vae",
                "pretrain");
        assertRefused("Missing required option", "pretrain", "mmdit", "--out", out);
        assertRefused(
                "--count must be",
                "pretrain",
                "sample",
                "--model",
                out,
                "--out",
                out,
                "--count",
                "0");
        assertFalse(Files.exists(Path.of(out)));
    }

    private static void assertRefused(String words, String... args) {
        Run run = studio(args);
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(words), run.err());
    }

    @Test
    void missingPartsAreNamed() {
        Run run =
                studio(
                        "pretrain",
                        "mmdit",
                        "--out",
                        folder.resolve("mmdit").toString(),
                        "--vae",
                        folder.toString(),
                        "--towers",
                        folder.toString());
        assertEquals(ExitCodes.FAILED, run.code(), run.err());
        assertTrue(run.err().contains("has no folder vae"), run.err());
    }
}
