package dev.stanstudio.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.pretrain.clip.PretrainClipCommand;
import dev.stanstudio.pretrain.dino.PretrainDinoCommand;
import dev.stanstudio.pretrain.mmdit.PretrainControlCommand;
import dev.stanstudio.pretrain.mmdit.PretrainMmditCommand;
import dev.stanstudio.pretrain.vae.PretrainVaeCommand;
import dev.stanstudio.testing.Goldens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that train the built-in models, up to their first step. */
class PretrainCommandsTest {
    @TempDir Path folder;

    private static StudioCommand command(String name) {
        return switch (name) {
            case "clip" -> new PretrainClipCommand();
            case "control" -> new PretrainControlCommand();
            case "dino" -> new PretrainDinoCommand();
            case "vae" -> new PretrainVaeCommand();
            default -> new PretrainMmditCommand();
        };
    }

    private Exception failure(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--out", out().toString()));
        if (name.equals("mmdit")) {
            arguments.addAll(List.of("--vae", "none", "--towers", "none"));
        }
        arguments.addAll(List.of(more));
        AtomicReference<@Nullable Exception> thrown = new AtomicReference<>();
        new CommandLine(command(name))
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(new StringWriter()))
                .setExecutionExceptionHandler(
                        (e, line, parsed) -> {
                            thrown.set(e);
                            return 1;
                        })
                .execute(arguments.toArray(String[]::new));
        Exception failure = thrown.get();
        assertNotNull(failure, name + " must fail");
        return failure;
    }

    private Path out() {
        return folder.resolve("out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip", "dino", "vae", "mmdit"})
    void aNegativeCountIsAWrongArgument(String name) {
        Exception e = failure(name, "--pictures=-1", "--steps=1");
        assertInstanceOf(ArgumentException.class, e);
        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
        assertFalse(Files.exists(out()), "nothing is written");
    }

    @ParameterizedTest
    @CsvSource({"0, at least 1", "99, a ControlNet of this model has 1"})
    void aNetworkThatCannotBeMakesNoFolder(String layers, String problem) {
        String model = Goldens.own("tiny-3.0").toString();
        Exception e = failure("control", "--model", model, "--pictures=1000", "--layers=" + layers);
        assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
        assertFalse(Files.exists(out()), "no folder is made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip", "dino", "vae", "mmdit"})
    void aFolderHasOneTraining(String name) {
        try (FolderLock lock = FolderLock.of(out(), "training")) {
            Exception e = failure(name, "--pictures=1000", "--steps=1");
            assertInstanceOf(UserException.class, e);
            assertEquals(
                    "another training is running in "
                            + out()
                            + "; wait for it, or name another folder with --out",
                    e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "clip, --words-only, --words-only needs --start",
        "vae, --decoder-only, --decoder-only needs --start",
        "vae, '--sizes=128,100', '--sizes must be multiples of 16 up to 1024, not 100'",
        "vae, --sizes=0, '--sizes must be multiples of 16 up to 1024, not 0'",
        "vae, '--sizes=128,32', '--crop must be 8 … 32, the smallest side of the pictures, not 64'",
        "vae, --crop=0, '--crop must be 8 … 128, the smallest side of the pictures, not 0'",
        "clip, --csd --towers, --csd and --towers are two trainings; name one",
        "clip, --share=cubsim=2, --share cubsim is unknown; there are plain",
        "clip, --share=neon=-1, neon cannot be drawn -1 times as often",
        "clip, --style-alone=0.9, 'the share of styles alone must be 0 … 0.8, not 0.9'"
    })
    void optionsThatCannotBeMeantAreRefused(String name, String options, String problem) {
        Exception e = failure(name, options.split(" ", -1));
        assertInstanceOf(ArgumentException.class, e);
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(problem), message);
        assertFalse(Files.exists(out().resolve("checkpoint.safetensors")), "nothing is trained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip --export", "dino --export", "mmdit --export-only"})
    void onlyACheckpointIsExported(String call) {
        String[] words = call.split(" ", -1);
        Exception e = failure(words[0], words[1], "--pictures=1000");
        assertEquals(
                "there is no checkpoint %s; train first"
                        .formatted(out().resolve("checkpoint.safetensors")),
                e.getMessage());
        assertFalse(Files.exists(out()), "nothing is written");
    }
}
