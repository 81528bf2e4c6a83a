package dev.stanstudio.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The NVIDIA driver of the machine, found without loading any library. */
public final class NvidiaDriver {
    /** The oldest driver for CUDA 12 of any minor version (CUDA compatibility guide, table 1). */
    public static final String OLDEST = "525.60.13";

    private static final Path STATED = Path.of("/proc/driver/nvidia/version");
    private static final Path WSL = Path.of("/usr/lib/wsl/lib");
    private static final Pattern VERSION = Pattern.compile("\\b(\\d{3,}\\.\\d+(?:\\.\\d+)?)\\b");
    private static final String LIBRARY = "libcuda.so.1";

    private NvidiaDriver() {}

    /** Returns true if the kernel or a folder of libraries has the driver. */
    public static boolean isThere() {
        return Files.exists(STATED) || folders().anyMatch(f -> Files.exists(f.resolve(LIBRARY)));
    }

    private static Stream<Path> folders() {
        String more = Objects.requireNonNullElse(System.getenv("LD_LIBRARY_PATH"), "");
        Stream<Path> named =
                Arrays.stream(more.split(":")).filter(name -> !name.isBlank()).map(Path::of);
        return Stream.concat(
                named,
                Stream.of(
                        WSL,
                        Path.of("/usr/lib/x86_64-linux-gnu"),
                        Path.of("/usr/lib64"),
                        Path.of("/usr/lib")));
    }

    /** Returns the driver's version, such as 550.54.15, where the kernel states it. */
    public static Optional<String> version() {
        try {
            return Files.isReadable(STATED) ? parse(Files.readString(STATED)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<String> parse(String text) {
        Matcher found = VERSION.matcher(text.lines().findFirst().orElse(""));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Returns true if {@code version} is older than {@link #OLDEST}. */
    public static boolean isTooOld(String version) {
        List<Integer> own = numbers(version);
        List<Integer> oldest = numbers(OLDEST);
        for (int i = 0; i < oldest.size(); i++) {
            int number = i < own.size() ? own.get(i) : 0;
            if (number != oldest.get(i)) {
                return number < oldest.get(i);
            }
        }
        return false;
    }

    private static List<Integer> numbers(String version) {
        return Arrays.stream(version.split("\\.")).map(Integer::valueOf).toList();
    }
}
