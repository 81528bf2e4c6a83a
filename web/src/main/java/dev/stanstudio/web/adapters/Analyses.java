package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.AnalysisFolder;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.library.CatalogEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The analyses in the studio's folder, one for each adapter, found by the hash of its weights. The
 * last few stay in memory. Thread-safe.
 */
final class Analyses {
    private static final int KEPT = 4;
    private static final int NAME = 16;

    private final Path folder;
    private final Map<Path, Read> read = new LinkedHashMap<>(KEPT, 0.75f, true);

    private record Read(long modified, AnalysisFolder analysis) {}

    Analyses(StudioHome home) {
        this.folder = home.subfolder("analyses");
    }

    /** Returns the folder of an adapter's analysis, which need not exist. */
    Path folder(CatalogEntry.Usable entry) {
        return folder.resolve(entry.sha256().substring(0, NAME));
    }

    /** Returns the file that exists once an analysis is complete. */
    static Path file(Path folder) {
        return folder.resolve(FeatureAnalysis.FILE);
    }

    /** Returns the analysis of an adapter, if there is one. */
    synchronized Optional<AnalysisFolder> find(CatalogEntry.Usable entry) {
        Path own = folder(entry);
        if (!Files.isRegularFile(file(own))) {
            return Optional.empty();
        }
        try {
            long modified = Files.getLastModifiedTime(file(own)).toMillis();
            Read known = read.get(own);
            if (known == null || known.modified() != modified) {
                known = new Read(modified, AnalysisFolder.read(own));
                read.put(own, known);
                if (read.size() > KEPT) {
                    read.remove(read.keySet().iterator().next());
                }
            }
            // An earlier version may have read another adapter that was put in this one's place.
            return Optional.of(known.analysis())
                    .filter(found -> found.analysis().sha256().equals(entry.sha256()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
