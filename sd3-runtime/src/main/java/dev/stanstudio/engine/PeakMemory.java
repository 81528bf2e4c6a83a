package dev.stanstudio.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The kernel's high-water mark of this process's resident memory, on Linux. */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private PeakMemory() {}

    /** Resets the mark to the memory that is resident now, where the kernel allows it. */
    public static void reset() {
        try {
            Files.write(CLEAR, "5".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The mark then covers the whole run.
        }
    }

    /** The mark in megabytes; empty where there is none. */
    public static OptionalLong megabytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmHWM:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) / 1024);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
