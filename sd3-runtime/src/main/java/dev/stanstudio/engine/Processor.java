package dev.stanstudio.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes this machine's processor. Thread-safe. */
public final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final String TILES = "amx_bf16";
    private static final String BF16 = "avx512bw";
    private static final Set<String> FP16 = Set.of("avx512_fp16", "amx_fp16");
    private static final Set<String> FLAGS = flags();

    private Processor() {}

    /** Empty where the system does not state the processor's features. */
    private static Set<String> flags() {
        try (Stream<String> lines = Files.lines(DESCRIPTION)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1))
                    .map(flags -> Arrays.stream(flags).collect(Collectors.toUnmodifiableSet()))
                    .orElse(Set.of());
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    /** Returns true if it is of the x86-64 kind. */
    public static boolean isX86() {
        return System.getProperty("os.arch").equals("amd64");
    }

    /** Returns true if it multiplies bf16 in tiles; false where its features are unknown. */
    public static boolean hasTiles() {
        return FLAGS.contains(TILES);
    }

    /**
     * Returns true if products of {@code dtype} on {@code device} are much faster when their
     * numbers are made fp32 first: libtorch has no good product of a half type for an x86-64
     * processor without the vector instructions that it is written for (AVX-512 for bf16, its fp16
     * part for fp16).
     */
    public static boolean widens(Device device, DType dtype) {
        if (!device.equals(Device.CPU) || !isX86() || FLAGS.isEmpty()) {
            return false;
        }
        return switch (dtype) {
            case BF16 -> !FLAGS.contains(BF16);
            case FP16 -> FP16.stream().noneMatch(FLAGS::contains);
            default -> false;
        };
    }
}
