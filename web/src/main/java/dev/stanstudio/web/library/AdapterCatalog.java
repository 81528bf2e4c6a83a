package dev.stanstudio.web.library;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterNotes;
import dev.stanstudio.adapter.file.FileStamp;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The adapters in the studio's folder {@code adapters} and those shipped with the program. An
 * adapter is a folder, a training's folder with the adapter in it, or a LoRA's file. Thread-safe.
 */
public final class AdapterCatalog {
    /** Set by the launcher to the folder of the adapters shipped with the program. */
    private static final String BUILT_IN_FOLDER = "studio.adapters";

    private static final String LOG = "log.jsonl";
    private static final String SUFFIX = ".safetensors";

    /**
     * Entries of the adapters that exist, kept until a file changes or is gone. All catalogs have
     * them in common, since an adapter's whole file is hashed when it is opened.
     */
    private static final Map<Path, Read> KNOWN = new ConcurrentHashMap<>();

    /** The same of saved states of trainings, which are no entries of their own. */
    private static final Map<Path, Read> STATES = new ConcurrentHashMap<>();

    private final List<Path> folders;

    private record Read(FileStamp stamp, long notes, CatalogEntry entry) {
        boolean isOf(FileStamp now, long notesNow) {
            return stamp.equals(now) && notes == notesNow;
        }
    }

    /** Lists the adapters of {@code home}, whose folder is created if it is missing. */
    public AdapterCatalog(StudioHome home) {
        List<Path> all = new ArrayList<>(List.of(home.subfolder("adapters")));
        String builtIn = System.getProperty(BUILT_IN_FOLDER);
        if (builtIn != null) {
            all.add(Path.of(builtIn));
        }
        this.folders = List.copyOf(all);
    }

    /** Returns the folder into which users put adapters. */
    public Path folder() {
        return folders.get(0);
    }

    /**
     * Returns every adapter, the user's own first, then by name. No two have one name: a built-in
     * one whose name a user's adapter has is called by its hash as well.
     */
    public List<CatalogEntry> all() {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            list(folder).forEach(path -> adapter(path).ifPresent(found::add));
        }
        Set<Path> present = Set.copyOf(found);
        KNOWN.keySet()
                .removeIf(
                        path ->
                                folders.stream().anyMatch(path::startsWith)
                                        && !present.contains(path));
        Map<String, CatalogEntry> named = new LinkedHashMap<>();
        for (Path path : found) {
            CatalogEntry entry = read(path, KNOWN);
            if (named.putIfAbsent(entry.name(), entry) != null) {
                CatalogEntry own = entry.usable().map(AdapterCatalog::distinct).orElse(entry);
                named.putIfAbsent(own.name(), own);
            }
        }
        return List.copyOf(named.values());
    }

    /** Begins to open the adapters, so that the first visitor does not wait for all of them. */
    public void readAhead() {
        Thread reader = new Thread(this::readQuietly, "adapters");
        reader.setDaemon(true);
        reader.start();
    }

    private void readQuietly() {
        try {
            all();
        } catch (UncheckedIOException e) {
            return; // pages that list the folder say what is wrong with it
        }
    }

    private static CatalogEntry distinct(CatalogEntry.Usable entry) {
        return entry.named(entry.name() + "-" + entry.shortHash());
    }

    /** Returns whether a new adapter cannot be called {@code name}: letters' case aside. */
    public boolean isTaken(String name) {
        return Stream.concat(
                        folders.stream()
                                .flatMap(folder -> list(folder).stream())
                                .map(Path::getFileName),
                        all().stream().map(entry -> Path.of(entry.name())))
                .map(String::valueOf)
                .anyMatch(
                        other ->
                                other.equalsIgnoreCase(name)
                                        || other.equalsIgnoreCase(name + SUFFIX));
    }

    /**
     * Returns the adapter, or the saved state of one, that a request uses: by its hash, or its
     * place if no hash is known.
     */
    public Optional<CatalogEntry.Usable> find(WeightedAdapter use) {
        List<CatalogEntry.Usable> usable =
                all().stream().flatMap(entry -> entry.usable().stream()).toList();
        OptionalLong step = AdapterPlace.of(use.toPath()).step();
        return usable.stream()
                .filter(entry -> isUsed(entry, use))
                // Adapters whose settings differ may have the same weights, and so one hash.
                .min(Comparator.comparing(entry -> !entry.path().equals(use.toPath())))
                .or(
                        () ->
                                usable.stream()
                                        .flatMap(entry -> entry.savedStates().stream())
                                        .filter(state -> step.equals(OptionalLong.of(state.step())))
                                        .flatMap(state -> state(state.path()).stream())
                                        .filter(state -> isUsed(state, use))
                                        .findFirst());
    }

    /** Returns the saved state of a training in a folder, if it can be used. */
    public Optional<CatalogEntry.Usable> state(Path path) {
        return read(path, STATES).usable();
    }

    /**
     * Returns the hash of a saved state.
     *
     * @throws UserException if it cannot be used
     */
    public String hash(Path state) {
        return state(state)
                .map(CatalogEntry.Usable::sha256)
                .orElseThrow(
                        () ->
                                new UserException(
                                        "%s cannot be used: %s"
                                                .formatted(
                                                        AdapterNames.of(state),
                                                        read(state, STATES).summary())));
    }

    /** Returns whether {@code use} is of this adapter and not of another that had its place. */
    public static boolean isUsed(CatalogEntry.Usable entry, WeightedAdapter use) {
        return use.sha256() == null
                ? use.toPath().equals(entry.path())
                : use.sha256().equals(entry.sha256());
    }

    /**
     * Returns the folder or file that holds everything of a user's adapter: its training's folder
     * too, if it is in one.
     */
    public Path root(CatalogEntry entry) {
        return folder().resolve(folder().relativize(entry.path()).getName(0));
    }

    /** Returns the adapter called {@code name}, if it can be used. */
    public Optional<CatalogEntry.Usable> usable(String name) {
        return find(name).flatMap(CatalogEntry::usable);
    }

    /** Returns the adapter called {@code name}. */
    public Optional<CatalogEntry> find(String name) {
        return all().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> !name(path).startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the adapter at {@code path}: itself, or the one that a training wrote into it. */
    private static Optional<Path> adapter(Path path) {
        if (Files.isRegularFile(path)) {
            return name(path).endsWith(SUFFIX) ? Optional.of(path) : Optional.empty();
        }
        return Stream.of(path, path.resolve(AdapterPlace.FINISHED))
                .filter(folder -> Files.isRegularFile(AdapterFolder.tensors(folder)))
                .findFirst();
    }

    private static String name(Path path) {
        return AdapterNames.last(path);
    }

    private CatalogEntry read(Path path, Map<Path, Read> kept) {
        try {
            FileStamp stamp = FileStamp.of(path);
            long notes = AdapterNotes.modified(path);
            // Who asks for an adapter that is being opened waits for it, instead of opening it too.
            Read read =
                    kept.compute(
                            path,
                            (key, before) ->
                                    before != null && before.isOf(stamp, notes)
                                            ? before
                                            : new Read(stamp, notes, open(key)));
            return Objects.requireNonNull(read).entry();
        } catch (UserException e) {
            return broken(path, String.valueOf(e.getMessage()));
        }
    }

    private CatalogEntry open(Path path) {
        try (AdapterFile file = AdapterFile.open(path)) {
            return describe(path, file);
        } catch (UserException e) {
            return broken(path, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // One file that nobody foresaw must not take the pages that list all others.
            return broken(path, "cannot be read: " + e);
        }
    }

    private CatalogEntry describe(Path path, AdapterFile file) {
        return new CatalogEntry.Usable(
                AdapterNames.of(path),
                path,
                isBuiltIn(path),
                file.kindLabel(),
                file.record().map(r -> r.kind().words()).orElse(""),
                List.copyOf(file.modules().keySet()),
                file.record()
                        .map(r -> Sizing.parameters(r.kind(), r.shapes()))
                        .orElseGet(
                                () ->
                                        file.kind().isPresent()
                                                ? parameters(file)
                                                : file.parameters()),
                file.length(),
                file.sha256(),
                file.settingsSha256(),
                file.record().map(r -> r.baseModel()).orElse(""),
                file.record().map(r -> r.training()).orElse(Map.of()),
                file.leftOut().stream().map(LeftOut::message).toList(),
                log(path),
                AdapterNotes.read(path));
    }

    private boolean isBuiltIn(Path path) {
        return !path.startsWith(folder());
    }

    private static long parameters(AdapterSource source) {
        long sum = 0;
        for (Map.Entry<String, long[]> module : source.modules().entrySet()) {
            ProjectionPart part = source.part(module.getKey());
            long[] shape = module.getValue();
            sum += part.features() * (shape[0] + shape[1]);
        }
        return sum;
    }

    private CatalogEntry broken(Path path, String problem) {
        return new CatalogEntry.Broken(AdapterNames.of(path), path, isBuiltIn(path), problem);
    }

    private static Optional<Path> log(Path path) {
        Path parent = path.getParent();
        boolean trained = name(path).equals(AdapterPlace.FINISHED) && parent != null;
        return Stream.of(path, trained ? parent : path)
                .map(folder -> folder.resolve(LOG))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
