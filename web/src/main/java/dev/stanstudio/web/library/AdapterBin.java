package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Keeps deleted adapters and trainings for some days, during which they can be restored. Each lies
 * in a folder of its own, named by the time of its deletion. Thread-safe.
 */
public final class AdapterBin {
    /** Time during which a deletion can be undone. */
    public static final Duration KEPT = Duration.ofDays(7);

    private static final String ID = "\\d{1,18}-[0-9a-f-]{36}";

    private static final String NOTES = ".notes.json";

    private final Path folder;
    private final Path adapters;
    private final Clock clock;

    /** Opens the bin of {@code home}; forgets what has been in it for too long. */
    public AdapterBin(StudioHome home, Clock clock) {
        this.folder = home.subfolder("deleted-adapters");
        this.adapters = home.subfolder("adapters");
        this.clock = clock;
        forget();
    }

    /**
     * Something that was deleted.
     *
     * @param name of its folder or file
     */
    public record Deleted(String id, String name, Instant time) {
        /** Returns the whole days that are left to restore it. */
        public long daysLeft(Instant now) {
            return Math.max(0, KEPT.minus(Duration.between(time, now)).plusDays(1).toDays());
        }
    }

    /** Returns what can be restored, the newest first. */
    public List<Deleted> all() {
        return paths(folder).stream()
                .filter(path -> AdapterNames.last(path).matches(ID))
                .flatMap(path -> Stream.ofNullable(deleted(path).orElse(null)))
                .sorted(Comparator.comparing(Deleted::time).reversed())
                .toList();
    }

    private static Optional<Deleted> deleted(Path place) {
        String id = AdapterNames.last(place);
        Instant time = Instant.ofEpochMilli(Long.parseLong(id.substring(0, id.indexOf('-'))));
        return paths(place).stream()
                .map(AdapterNames::last)
                .filter(name -> !name.endsWith(NOTES))
                .findFirst()
                .map(name -> new Deleted(id, name, time));
    }

    /**
     * Moves files of one adapter into the bin.
     *
     * @param files its folder, or its file and the notes on it
     * @return the entry's id
     * @throws UserException if that cannot be done; nothing is lost then
     */
    public String delete(List<Path> files) {
        String id = clock.millis() + "-" + UUID.randomUUID();
        try {
            Path place = Files.createDirectory(folder.resolve(id));
            move(files, place);
            return id;
        } catch (IOException e) {
            throw new UserException("cannot delete it: " + e.getMessage(), e);
        }
    }

    /**
     * Puts an adapter back.
     *
     * @return its name
     * @throws UserException if it is not in the bin any more, or its name was taken meanwhile
     */
    public String restore(String id) {
        Deleted deleted =
                all().stream()
                        .filter(entry -> entry.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new ArgumentException("it is not in the bin any more"));
        if (Files.exists(adapters.resolve(deleted.name()))) {
            throw new ArgumentException(
                    "there is another '%s' now; rename that one first".formatted(deleted.name()));
        }
        Path place = folder.resolve(id);
        try {
            move(paths(place), adapters);
            Files.deleteIfExists(place);
        } catch (IOException e) {
            throw new UserException("cannot restore it: " + e.getMessage(), e);
        }
        return deleted.name();
    }

    private static void move(List<Path> files, Path into) throws IOException {
        for (Path file : files) {
            if (Files.exists(file)) {
                Files.move(file, into.resolve(AdapterNames.last(file)));
            }
        }
    }

    private void forget() {
        Instant before = clock.instant().minus(KEPT);
        for (Deleted entry : all()) {
            if (entry.time().isBefore(before)) {
                remove(folder.resolve(entry.id()));
            }
        }
    }

    private static void remove(Path place) {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // tried again when the studio starts next
        }
    }

    private static List<Path> paths(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UserException(
                    "cannot read %s: %s".formatted(folder, AtomicFile.reason(e)), e);
        }
    }
}
