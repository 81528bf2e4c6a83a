package dev.stanstudio.sd3.generate;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's memory in bytes. */
final class MachineMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private MachineMemory() {}

    private static OperatingSystemMXBean system() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }

    /** Installed, or granted to the container. */
    static long total() {
        return system().getTotalMemorySize();
    }

    /**
     * Returns the memory that programs can still get; the kernel's own estimate where it gives one.
     */
    static long available() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException e) {
            return system().getFreeMemorySize();
        }
        return system().getFreeMemorySize();
    }
}
