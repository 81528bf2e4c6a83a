package dev.stanstudio.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Reads the memory of an NVIDIA card in use, again and again, from {@code nvidia-smi} until it is
 * closed: libtorch's own statistics cannot be reached through DJL. The card's memory counts,
 * whoever uses it, with CUDA's own and what libtorch's allocator keeps. A peak between two readings
 * is missed.
 */
public final class CardMemory implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final Thread reader;
    private long peak = -1;

    /**
     * Reads the lines of {@code command}, each a number of megabytes.
     *
     * @throws IOException if it cannot be started
     */
    CardMemory(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, "card memory");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Watches a card.
     *
     * @throws IOException if there is no {@code nvidia-smi}
     */
    static CardMemory watch(Device device) throws IOException {
        return new CardMemory(
                List.of(
                        "nvidia-smi",
                        "--id=" + card(device.index(), System.getenv("CUDA_VISIBLE_DEVICES")),
                        "--query-gpu=memory.used",
                        "--format=csv,noheader,nounits",
                        "--loop-ms=" + BETWEEN.toMillis()));
    }

    /** Returns the name by which nvidia-smi knows card {@code index} of those that are visible. */
    static String card(int index, @org.jspecify.annotations.Nullable String visible) {
        String[] names = Objects.requireNonNullElse(visible, "").split(",", -1);
        boolean named = index < names.length && !names[index].isBlank();
        return named ? names[index].strip() : Integer.toString(index);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line.strip());
            }
        } catch (IOException e) {
            // The process was ended, or failed; what was read counts.
        }
    }

    private synchronized void note(String line) {
        if (line.matches("\\d{1,9}")) {
            peak = Math.max(peak, Long.parseLong(line));
            notifyAll();
        }
    }

    /** Waits a moment for a reading, so that short work has one. */
    synchronized void awaitReading() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (peak < 0 && process.isAlive() && System.nanoTime() < end) {
            wait(BETWEEN.toMillis());
        }
    }

    /** The most that was read so far, in megabytes; empty where nothing was. */
    public synchronized OptionalLong peakMegabytes() {
        return peak < 0 ? OptionalLong.empty() : OptionalLong.of(peak);
    }

    /** Waits for the end of what was read; for a command that ends by itself. */
    void join() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
