package dev.stanstudio.scoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScoreCommandTest {
    @TempDir private Path folder;

    @Test
    void twoScoringsDoNotWriteOneFolder() {
        Path out = folder.resolve("scores");
        ScoreCommand command = new ScoreCommand();
        new CommandLine(command)
                .parseArgs(
                        folder.toString(),
                        "--clip=" + Path.of("models", "clip-nano"),
                        "--dino=none",
                        "--cache=" + folder.resolve("cache"),
                        "--out=" + out);
        try (FolderLock lock = FolderLock.of(out, "scoring")) {
            UserException e = assertThrows(UserException.class, command::call);
            assertEquals(
                    "another scoring is running in %s; wait for it, or name another folder with --out"
                            .formatted(out),
                    e.getMessage());
        }
        assertFalse(Files.exists(folder.resolve("cache")), "nothing was begun");
    }

    @Test
    void embedFindsOutBeforeItComputesThatItCannotWrite() {
        Path out = folder.resolve("gone").resolve("features.safetensors");
        EmbedCommand command = new EmbedCommand();
        // A model that is not there is found out later.
        new CommandLine(command)
                .parseArgs(folder.toString(), "--clip=" + folder.resolve("no"), "--out=" + out);
        UserException e = assertThrows(UserException.class, command::call);
        assertEquals(
                "cannot write %s into folder %s: no such file".formatted(out, out.getParent()),
                e.getMessage());
        command.out = folder;
        UserException there = assertThrows(UserException.class, command::call);
        assertEquals(folder + " is a folder; name a file in it", there.getMessage());
    }
}
