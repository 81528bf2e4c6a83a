package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.file.AdapterNotes;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterBin;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.library.CatalogEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Changes the adapters of users: their names, notes and existence. Thread-safe. */
final class AdapterActions {
    private static final String SUFFIX = ".safetensors";

    private final AdapterCatalog catalog;
    private final AdapterBin bin;
    private final AdapterUses uses;
    private final Jobs jobs;

    AdapterActions(AdapterCatalog catalog, AdapterBin bin, AdapterUses uses, Jobs jobs) {
        this.catalog = catalog;
        this.bin = bin;
        this.uses = uses;
        this.jobs = jobs;
    }

    /** Returns the folder or file of an adapter that may be changed. */
    private Path own(CatalogEntry entry) {
        if (entry.builtIn()) {
            throw new ArgumentException(
                    "%s comes with the program, which keeps it as it is".formatted(entry.name()));
        }
        return catalog.root(entry);
    }

    /** Returns the file or folder, and the notes beside a file. */
    private static List<Path> files(Path root) {
        return Files.isDirectory(root) ? List.of(root) : List.of(root, AdapterNotes.file(root));
    }

    /**
     * Moves an adapter into the bin.
     *
     * @return the id by which it is restored
     */
    String delete(CatalogEntry entry) {
        Path root = own(entry);
        uses.requireUnused(root);
        return bin.delete(files(root));
    }

    /**
     * Moves the folder of a training that failed or was stopped into the bin, and its job out of
     * the lists; returns the id by which it is restored, empty if it has no folder.
     */
    String dismiss(Job job) {
        Path folder = job.request().folder();
        if (job.state().isOpen() || job.state().isDone()) {
            throw new ArgumentException("only failed and stopped trainings are dismissed");
        }
        boolean own = folder.startsWith(catalog.folder()) && Files.isDirectory(folder);
        String id = own ? bin.delete(List.of(folder)) : "";
        jobs.dismiss(job.id());
        return id;
    }

    /** Restores what is in the bin; returns its name. */
    String restore(String id) {
        String name = bin.restore(id);
        jobs.undismiss(catalog.folder().resolve(name));
        return name;
    }

    /** Renames an adapter; returns the name it has then. */
    String rename(CatalogEntry entry, String wanted) {
        Path root = own(entry);
        String name = AdapterName.require(wanted);
        if (name.equals(entry.name())) {
            return name;
        }
        boolean onlyCase = name.equalsIgnoreCase(entry.name());
        if (!onlyCase && catalog.isTaken(name)) {
            throw AdapterName.taken(name);
        }
        uses.requireUnused(root);
        boolean file = Files.isRegularFile(root);
        Path renamed =
                root.resolveSibling(file && !name.endsWith(SUFFIX) ? name + SUFFIX : name);
        try {
            if (file && Files.exists(AdapterNotes.file(root))) {
                Files.move(AdapterNotes.file(root), AdapterNotes.file(renamed));
            }
            Files.move(root, renamed);
        } catch (IOException e) {
            throw new UserException("cannot rename it: " + e.getMessage(), e);
        }
        String now = AdapterNames.of(renamed);
        jobs.moved(root, renamed, "/adapters#" + now);
        jobs.renamed(features(entry.name()), features(now));
        return now;
    }

    private static String features(String name) {
        return "/adapters/%s/features".formatted(name);
    }

    /** Writes what people say about an adapter. */
    void describe(CatalogEntry entry, AdapterNotes notes) {
        own(entry);
        notes.write(entry.path());
    }

    /** Writes the files of an adapter that is a folder as a zip. */
    static void zip(CatalogEntry entry, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.list(entry.path())) {
            zip.setLevel(0); // tensors hardly shrink
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(
                        new ZipEntry(entry.name() + "/" + file.getFileName()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
