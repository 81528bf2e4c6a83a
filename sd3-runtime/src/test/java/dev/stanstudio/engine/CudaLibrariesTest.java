package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
    private static final String STATED =
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC";
    private static final String OPEN =
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build";

    @TempDir private Path home;

    private Path libraries(String file, String text) throws IOException {
        Files.writeString(home.resolve(file), text);
        return Files.createDirectories(home.resolve("lib"));
    }

    /** The native library crashes the process with libraries of another version. */
    @Test
    void otherVersionIsRefusedBeforeItIsLoaded() throws IOException {
        Path wheel = libraries("version.py", "__version__ = '2.13.0+cu130'\ndebug = False\n");
        UserException refused =
                assertThrows(UserException.class, () -> CudaLibraries.requireVersion(wheel));
        assertTrue(refused.getMessage().contains("libtorch 2.13.0"), refused::getMessage);
        assertTrue(refused.getMessage().contains("needs 2.7.1"), refused::getMessage);
        Path none = home.resolve("none");
        assertThrows(UserException.class, () -> CudaLibraries.requireVersion(none));
    }

    @Test
    void versionIsReadFromWheelsAndArchives() throws IOException {
        Path wheel = libraries("version.py", "__version__ = '2.7.1+cu126'\n");
        assertEquals(Optional.of("2.7.1"), CudaLibraries.version(wheel));
        CudaLibraries.requireVersion(wheel);
        Files.delete(home.resolve("version.py"));
        assertEquals(Optional.empty(), CudaLibraries.version(wheel));
        CudaLibraries.requireVersion(wheel);
        assertEquals(
                Optional.of("2.7.1"),
                CudaLibraries.version(libraries("build-version", "2.7.1+cu128\n")));
    }

    @Test
    void driverIsReadAndCompared() {
        assertEquals(Optional.of("550.54.15"), NvidiaDriver.parse(STATED));
        assertEquals(Optional.of("570.124.06"), NvidiaDriver.parse(OPEN));
        assertEquals(Optional.empty(), NvidiaDriver.parse(""));
        assertTrue(NvidiaDriver.isTooOld("470.223.02"));
        assertTrue(NvidiaDriver.isTooOld("525.60.12"));
        assertFalse(NvidiaDriver.isTooOld("525.60.13"));
        assertFalse(NvidiaDriver.isTooOld("525.85"));
        assertFalse(NvidiaDriver.isTooOld("1000.1"));
    }
}
