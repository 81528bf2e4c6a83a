package dev.stanstudio.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

/** The memory of this process, tensors and Java's heap together. Thread-safe. */
public final class ProcessMemory {
    private static final String KEPT = "MALLOC_TRIM_THRESHOLD_";

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double KIB_IN_GIB = 1 << 20;

    private ProcessMemory() {}

    /** Resident now, in GiB; empty where the system does not state it. */
    static OptionalDouble resident() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RESIDENT)) {
                    return OptionalDouble.of(
                            Double.parseDouble(line.replaceAll("\\D", "")) / KIB_IN_GIB);
                }
            }
            return OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    /**
     * Returns the bytes of freed memory that the C library may keep, where its environment says so,
     * as the launcher does; else 0.
     *
     * @param environment names and values
     */
    public static long keptFree(Map<String, String> environment) {
        try {
            return Math.max(0, Long.parseLong(environment.getOrDefault(KEPT, "0")));
        } catch (NumberFormatException e) {
            // The C library does not take it either.
            return 0;
        }
    }
}
