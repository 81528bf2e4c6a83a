package dev.stanstudio.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/**
 * The most memory that work takes: the kernel's high-water mark of this process's resident memory,
 * on Linux, or the memory of a card.
 */
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

    /**
     * Runs {@code work} and returns the most megabytes in use meanwhile: resident memory of this
     * process for the CPU, else the card's, after libtorch has given back what it kept; empty where
     * it is unknown.
     */
    public static OptionalLong during(Device device, Runnable work) {
        if (!device.isCuda()) {
            reset();
            work.run();
            return megabytes();
        }
        Torch.emptyCudaCache();
        try (CardMemory card = CardMemory.watch(device)) {
            card.awaitReading();
            work.run();
            return card.peakMegabytes();
        } catch (IOException e) {
            work.run();
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while memory was read");
        }
    }
}
