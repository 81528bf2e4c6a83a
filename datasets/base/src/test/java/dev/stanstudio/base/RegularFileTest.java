package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stanstudio.base.image.PngChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFileTest {
    private static final Path ENDLESS = Path.of("/dev/zero");
    private static final Path NOTHING = Path.of("/dev/null");
    private static final Path FULL = Path.of("/dev/full");

    @TempDir Path folder;

    @BeforeEach
    void devicesAreThere() {
        assumeTrue(Files.exists(FULL) && Files.exists(ENDLESS), "a system with Linux' devices");
    }

    private static void assertRefused(UserException refusal) {
        assertEquals(
                "/dev/zero is a device or a pipe, not a file; copy what it holds into a file",
                refusal.getMessage());
    }

    @Test
    void filesWithoutAnEndAreRefusedRatherThanRead() {
        assertRefused(assertThrows(UserException.class, () -> Sha256.ofFile(ENDLESS)));
        assertRefused(assertThrows(UserException.class, () -> PngChunks.read(ENDLESS, Set.of())));
    }

    @Test
    void linksToFilesAreFiles() throws IOException {
        Path file = Files.write(folder.resolve("a"), new byte[] {1, 2});
        Path link = Files.createSymbolicLink(folder.resolve("b"), file);
        try (InputStream in = RegularFile.open(link)) {
            assertArrayEquals(new byte[] {1, 2}, in.readAllBytes());
        }
    }

    @Test
    void whatIsWrittenToADeviceLeavesTheDevice() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("receipt.json"), NOTHING);
        AtomicFile.write(link, out -> out.write(1));
        assertTrue(Files.isSymbolicLink(link), "no file took its place");
        assertFalse(Files.isRegularFile(NOTHING));
        Path full = Files.createSymbolicLink(folder.resolve("full.json"), FULL);
        UserException refused =
                assertThrows(
                        UserException.class, () -> AtomicFile.write(full, out -> out.write(1)));
        assertTrue(refused.getMessage().startsWith("cannot write " + full), refused.getMessage());
        assertTrue(Files.isSymbolicLink(full));
    }
}
