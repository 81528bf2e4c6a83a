package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir private Path folder;

    @Test
    void twoTrainingsDoNotRunInOneFolder() {
        Path out = folder.resolve("new/run");
        FolderLock first = FolderLock.of(out, "training");
        UserException e = assertThrows(UserException.class, () -> FolderLock.of(out, "training"));
        first.close();
        assertTrue(
                String.valueOf(e.getMessage()).contains("another training is running in"),
                e::getMessage);
        FolderLock.of(out, "scoring").close();
        assertTrue(Files.isDirectory(out));
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenIsDeleted() throws IOException {
        Path file = AtomicFile.part(folder.resolve("checkpoint.safetensors"));
        Path whole = AtomicFile.part(folder.resolve("adapter"));
        Files.writeString(file, "half");
        Files.writeString(Files.createDirectory(whole).resolve("config.json"), "{}");
        Path journal = Files.writeString(folder.resolve(".metadata.jsonl.part"), "kept");
        FolderLock.of(folder, "training").close();
        assertFalse(Files.exists(file));
        assertFalse(Files.exists(whole));
        assertTrue(Files.exists(journal));
    }

    @Test
    void nobodyDeletesWhatAnotherWrites() throws IOException {
        FolderLock first = FolderLock.of(folder, "training");
        Path file = Files.writeString(AtomicFile.part(folder.resolve("a.png")), "half");
        assertThrows(UserException.class, () -> FolderLock.of(folder, "training"));
        assertTrue(Files.exists(file));
        first.close();
    }

    @Test
    void foldersThatNobodyWritesAreDeleted() throws IOException {
        Path left = Files.createDirectory(AtomicFile.part(folder.resolve("merged")));
        Files.writeString(left.resolve("config.json"), "{}");
        Path written = AtomicFile.part(folder.resolve("merged"));
        Path file = Files.writeString(AtomicFile.part(folder.resolve("a.png")), "half");
        try (FolderLock lock = FolderLock.of(written, "writing")) {
            FolderLock.deletePartFolders(folder);
            FolderLock.of(folder, "training").close();
            assertFalse(Files.exists(left));
            assertTrue(Files.exists(written));
            lock.delete();
        }
        assertFalse(Files.exists(file));
    }
}
