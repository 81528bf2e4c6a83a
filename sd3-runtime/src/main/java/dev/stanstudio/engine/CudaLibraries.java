package dev.stanstudio.engine;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the libtorch that is loaded: the one that a variable names, else the CUDA build that
 * {@code studio setup cuda} unpacked, where the machine has an NVIDIA driver, else the CPU build
 * that comes with the program.
 */
public final class CudaLibraries {
    /** The version of libtorch that the engine's native library was built against. */
    public static final String VERSION = "2.7.1";

    /** The variable, or system property, that names a folder with libtorch's libraries. */
    public static final String PATH = "PYTORCH_LIBRARY_PATH";

    /** File of a folder that is complete. */
    public static final String COMPLETE = "complete";

    private static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String CUDA_FLAVOR = "cu128";
    private static final String CPU_FLAVOR = "cpu";
    private static final String CUDA_LIBRARY = "libtorch_cuda.so";
    private static final Pattern PYTHON_VERSION =
            Pattern.compile("__version__\\s*(?::\\s*\\w+\\s*)?=\\s*'(\\d+\\.\\d+\\.\\d+)");

    private CudaLibraries() {}

    /** Returns the folder that {@code studio setup cuda} fills. */
    public static Path folder() {
        return Path.of(System.getProperty("user.home"), ".cache", "stan-studio", "cuda-" + VERSION);
    }

    /** Returns the libraries of libtorch in {@code folder}, as the Python wheel has them. */
    public static Path libraries(Path folder) {
        return folder.resolve("torch").resolve("lib");
    }

    /** Returns true if {@code folder} holds the whole CUDA build. */
    public static boolean isComplete(Path folder) {
        return Files.exists(folder.resolve(COMPLETE))
                && Files.exists(libraries(folder).resolve(CUDA_LIBRARY));
    }

    /** Sets what the engine looks at when it loads libtorch; called once, before that. */
    static void choose() {
        String named = named(PATH);
        if (named != null) {
            Path libraries = Path.of(named);
            requireVersion(libraries);
            setFlavor(libraries);
        } else if (NvidiaDriver.isThere() && isComplete(folder())) {
            System.setProperty(PATH, libraries(folder()).toString());
            setFlavor(libraries(folder()));
        }
    }

    /**
     * The engine takes the libraries of a Python wheel for a build with the old ABI, for which it
     * has no native library, unless a flavor is named.
     */
    private static void setFlavor(Path libraries) {
        if (named(FLAVOR) == null) {
            boolean cuda = Files.exists(libraries.resolve(CUDA_LIBRARY));
            System.setProperty(FLAVOR, cuda ? CUDA_FLAVOR : CPU_FLAVOR);
        }
    }

    private static @Nullable String named(String name) {
        String value = System.getenv(name);
        String chosen = value == null || value.isBlank() ? System.getProperty(name) : value;
        return chosen == null || chosen.isBlank() ? null : chosen;
    }

    /**
     * Refuses libraries of another version: the native library crashes with them.
     *
     * @throws UserException that names the folder, its version and the one that is needed
     */
    static void requireVersion(Path libraries) {
        if (!Files.isDirectory(libraries)) {
            throw new UserException(
                    "%s names %s, which is no folder; unset it, or name the lib folder of libtorch %s"
                            .formatted(PATH, libraries, VERSION));
        }
        version(libraries)
                .filter(found -> !found.equals(VERSION))
                .ifPresent(
                        found -> {
                            throw new UserException(
                                    "%s names libtorch %s in %s; this program needs %s. Unset the variable, or run 'studio setup cuda'"
                                            .formatted(PATH, found, libraries, VERSION));
                        });
    }

    /**
     * Returns the version of the libraries, where a file beside them says it: {@code version.py} of
     * a Python wheel or {@code build-version} of a libtorch archive.
     */
    static Optional<String> version(Path libraries) {
        Path home = libraries.toAbsolutePath().normalize().getParent();
        if (home == null) {
            return Optional.empty();
        }
        return text(home.resolve("version.py"))
                .map(PYTHON_VERSION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .or(
                        () ->
                                text(home.resolve("build-version"))
                                        .map(text -> text.strip().split("\\+", 2)[0]));
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
