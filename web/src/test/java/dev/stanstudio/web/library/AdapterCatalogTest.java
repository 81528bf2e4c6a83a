package dev.stanstudio.web.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterCatalogTest {
    private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir Path folder;

    /** Restored from a backup, a file may be as old as the one that it replaces. */
    @Test
    void anAdapterThatIsGoneIsForgotten() throws IOException {
        AdapterCatalog catalog = new AdapterCatalog(new StudioHome(folder));
        Path file = catalog.folder().resolve("gone.safetensors");
        write(file, "short");
        List<CatalogEntry> before = own(catalog, file);
        Files.delete(file);
        assertEquals(List.of(), own(catalog, file));
        write(file, "long enough for a header, which it does not have");
        List<CatalogEntry> after = own(catalog, file);
        assertEquals(1, before.size());
        assertEquals(1, after.size());
        assertNotEquals(before, after, "what is wrong with the new file");
    }

    /** Two adapters that were unpacked from one archive are of one time, and may change places. */
    @Test
    void anAdapterInThePlaceOfAnotherOfTheSameTimeIsRead() throws IOException {
        AdapterCatalog catalog = new AdapterCatalog(new StudioHome(folder));
        Path file = catalog.folder().resolve("ink.safetensors");
        write(file, "short");
        List<CatalogEntry> before = own(catalog, file);
        Path other = folder.resolve("other.safetensors");
        write(other, "long enough for a header, which it does not have");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(1, before.size());
        assertNotEquals(before, own(catalog, file));
    }

    /** Pages have catalogs of their own, and visitors come together. */
    @Test
    void anAdapterIsOpenedOnceForAllThatAskForIt() throws Exception {
        StudioHome home = new StudioHome(folder);
        Path file = new AdapterCatalog(home).folder().resolve("shared.safetensors");
        write(file, "no adapter");
        ExecutorService visitors = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<CatalogEntry>>> visits =
                    Collections.nCopies(8, () -> own(new AdapterCatalog(home), file));
            CatalogEntry first = own(new AdapterCatalog(home), file).get(0);
            for (Future<List<CatalogEntry>> visit : visitors.invokeAll(visits)) {
                assertSame(first, visit.get().get(0));
            }
            write(file, "no adapter either");
            Files.setLastModifiedTime(file, FileTime.fromMillis(TIME.toMillis() + 1));
            Set<CatalogEntry> anew = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Future<List<CatalogEntry>> visit : visitors.invokeAll(visits)) {
                anew.add(visit.get().get(0));
            }
            assertEquals(1, anew.size(), "opened once by whoever came first");
            assertFalse(anew.contains(first));
        } finally {
            visitors.shutdownNow();
        }
    }

    @Test
    void aConfigWithNullsIsRefusedAndTheOthersAreListed() throws IOException {
        AdapterCatalog catalog = new AdapterCatalog(new StudioHome(folder));
        int before = catalog.all().size();
        Path own = Files.createDirectory(catalog.folder().resolve("nulls"));
        write(own.resolve("adapter_model.safetensors"), "nothing");
        write(
                own.resolve("adapter_config.json"),
                "{\"kind\": \"stan\", \"settings\": {\"width\": {\"features\": 4}, \"k\": 1,"
                        + " \"revival\": null}, \"modules\": {\"a\": [4, 4]}}");
        List<CatalogEntry> listed = catalog.all();
        assertEquals(before + 1, listed.size());
        assertEquals(1, own(catalog, own).size());
        assertEquals(Optional.empty(), own(catalog, own).get(0).usable());
    }

    /** The settings of an adapter change the picture, not the hash of its weights. */
    @Test
    void ofAdaptersWithTheSameWeightsTheOneOfTheRequestIsFound() throws IOException {
        AdapterCatalog catalog = new AdapterCatalog(new StudioHome(folder));
        Path model = Path.of("../stan-adapter/models/lora-nano");
        for (String name : List.of("aa", "bb")) {
            Path copy = Files.createDirectory(catalog.folder().resolve(name));
            for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
                Files.copy(model.resolve(file), copy.resolve(file));
            }
        }
        String hash = catalog.usable("aa").orElseThrow().sha256();
        for (String name : List.of("aa", "bb")) {
            CatalogEntry.Usable one = catalog.usable(name).orElseThrow();
            assertEquals(hash, one.sha256());
            assertEquals(Optional.of(name), catalog.find(one.weighing(1)).map(e -> e.name()));
        }
    }

    private static List<CatalogEntry> own(AdapterCatalog catalog, Path file) {
        return catalog.all().stream().filter(entry -> entry.path().equals(file)).toList();
    }

    private static void write(Path file, String text) throws IOException {
        Files.setLastModifiedTime(Files.writeString(file, text), TIME);
    }
}
