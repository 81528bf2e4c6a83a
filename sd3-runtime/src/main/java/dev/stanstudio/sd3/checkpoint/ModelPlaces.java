package dev.stanstudio.sd3.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds models on this machine: the model folder ({@code STUDIO_MODELS}, by default {@code
 * ~/.cache/stan-studio/models}) and the Hugging Face cache.
 *
 * @param environment the program's environment
 * @param home the user's home
 */
public record ModelPlaces(Map<String, String> environment, Path home) {
    /** The places of this user. */
    public static ModelPlaces ofUser() {
        return new ModelPlaces(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** The folder that holds models by name. */
    public Path folder() {
        String set = environment.get("STUDIO_MODELS");
        return set == null || set.isBlank()
                ? home.resolve(".cache/stan-studio/models")
                : Path.of(set);
    }

    /** The folder of the Hugging Face cache. */
    public Path hubCache() {
        String hub = environment.get("HF_HUB_CACHE");
        if (hub != null && !hub.isBlank()) {
            return Path.of(hub);
        }
        String base = environment.get("HF_HOME");
        return base == null || base.isBlank()
                ? home.resolve(".cache/huggingface/hub")
                : Path.of(base).resolve("hub");
    }

    /**
     * {@code org/name} or {@code name} as the hub's cache holds it, the newest snapshot.
     *
     * @param marker a file that every model of the wanted kind has
     */
    public Optional<Path> snapshot(String name, String marker) {
        Path snapshots =
                hubCache().resolve("models--" + name.replace("/", "--")).resolve("snapshots");
        return list(snapshots).stream()
                .filter(folder -> Files.exists(folder.resolve(marker)))
                .max((a, b) -> Long.compare(modified(a), modified(b)));
    }

    /** Returns the entries of {@code folder} by name; nothing if it is none. */
    public static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
