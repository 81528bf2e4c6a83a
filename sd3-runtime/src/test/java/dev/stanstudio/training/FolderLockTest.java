package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir private Path folder;

    @Test
    void twoTrainingsDoNotRunInOneFolder() {
        Path out = folder.resolve("new/run");
        FolderLock first = FolderLock.of(out);
        UserException e = assertThrows(UserException.class, () -> FolderLock.of(out));
        first.close();
        assertTrue(
                String.valueOf(e.getMessage()).contains("another training is running in"),
                e::getMessage);
        FolderLock.of(out).close();
        assertTrue(Files.isDirectory(out));
    }
}
