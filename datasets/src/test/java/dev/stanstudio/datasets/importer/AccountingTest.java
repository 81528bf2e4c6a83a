package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file of a random source is imported, read as a label, left aside by rule, or named. */
class AccountingTest {
    private static final List<String> FOLDERS =
            List.of("Pop_Art", "train/Ukiyo-e", "val/roco\u0301co\u0301", "Pop_Art/deep", "a b");

    private static final List<String> NAMES =
            List.of("wave", "mount.fuji", "e\u0301t\u00E9", "🌊", "St. Mark's", "x".repeat(150));

    private static final List<String> GOOD =
            List.of(".png", ".PNG", ".jfif", ".jpe", ".jpg_large", "", ".jpeg");

    private static final List<String> BAD =
            List.of(".heif", ".psd", ".jp2", ".png", ".jpg", ".svg");

    private static final List<String> ASIDE =
            List.of("README.md", ".DS_Store", "Thumbs.db", "LICENSE", "dataset_info.json");

    @TempDir private Path temp;

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Set<String> good = new TreeSet<>();
    private final Set<String> named = new TreeSet<>();
    private long labels;
    private long aside;

    private void draw(Random random) {
        files.clear();
        good.clear();
        named.clear();
        labels = 0;
        aside = 0;
        for (int i = 0; i < 25; i++) {
            String folder = FOLDERS.get(random.nextInt(FOLDERS.size())) + "/";
            String stem = folder + NAMES.get(random.nextInt(NAMES.size())) + " " + i;
            switch (random.nextInt(7)) {
                case 0, 1 -> good(stem, i, random);
                case 2 -> named(stem + pick(BAD, random), Made.text("no picture " + i));
                case 3 -> named(stem + ".txt", Made.text("a caption of nothing"));
                case 4 -> named(stem + ".dat", Made.text("something else"));
                case 5 -> aside(folder + pick(ASIDE, random));
                default -> unreadable(stem, i);
            }
        }
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private void good(String stem, int number, Random random) {
        String path = stem + pick(GOOD, random);
        files.put(path, Made.png(number + 1));
        good.add(path);
        if (random.nextBoolean()) {
            // A picture whose name has no ending gives its whole name to its caption.
            String label = new Member(path, false).isPicture() ? stem : path;
            files.put(label + (random.nextBoolean() ? ".txt" : ".Caption"), Made.text("a boat"));
            labels++;
        }
    }

    private void named(String path, byte[] bytes) {
        files.put(path, bytes);
        named.add(path);
    }

    private void unreadable(String stem, int number) {
        named(stem + ".png", Made.png(number + 1));
        files.put(stem + ".txt", new byte[] {(byte) 0xFF, (byte) 0xFF, 'a'});
        labels++;
    }

    private void aside(String path) {
        aside += files.put(path, Made.text("{}")) == null ? 1 : 0;
    }

    private static Set<String> paths(Path source, List<String> all, char parted) {
        Set<String> paths = new TreeSet<>();
        for (String one : all) {
            String path = one.substring(source.toString().length());
            assertEquals(parted, path.charAt(0), one);
            paths.add(path.substring(1));
        }
        return paths;
    }

    @Test
    void everyFileOfAFolderIsAccountedFor() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            draw(new Random(seed));
            if (good.isEmpty()) {
                continue;
            }
            Path source = Made.folder(temp.resolve("in-" + seed), files);
            Path out = temp.resolve("out-" + seed);
            ImportReport report = Made.run(source, out);
            List<String> sources = Made.items(out).stream().map(StyleItem::source).toList();
            List<String> problems = report.problems().stream().map(Problem::source).toList();
            assertEquals(good, paths(source, sources, '/'), "imported, seed " + seed);
            assertEquals(named, paths(source, problems, '/'), "named, seed " + seed);
            assertEquals(named.size(), report.skipped(), "skipped, seed " + seed);
            assertEquals(aside, report.aside(), "aside, seed " + seed + report.notes());
            assertEquals(files.size(), report.files(), "files, seed " + seed);
            assertEquals(
                    files.size(), good.size() + named.size() + labels + aside, "sum, seed " + seed);
        }
    }

    /** Dots decide which members are one sample, but nothing is lost unsaid. */
    @Test
    void noFileOfAnArchiveIsLostUnsaid() throws IOException {
        for (int seed = 100; seed < 130; seed++) {
            draw(new Random(seed));
            if (good.isEmpty()) {
                continue;
            }
            for (String kind : List.of("zip", "tar")) {
                Path file = temp.resolve(seed + "." + kind);
                Path source = kind.equals("zip") ? Made.zip(file, files) : Made.tar(file, files);
                Path out = temp.resolve(kind + "-" + seed);
                ImportReport report =
                        CollectionImport.run(source, out, options(), (done, skipped) -> {});
                Set<String> told = new TreeSet<>();
                Made.items(out).forEach(item -> told.add(item.source()));
                assertEquals(report.imported(), told.size());
                report.problems().forEach(problem -> told.add(problem.source()));
                assertEquals(report.imported() + report.skipped(), told.size(), "told once");
                Set<String> paths = paths(source, List.copyOf(told), ':');
                for (String path : files.keySet()) {
                    boolean mustBeTold = good.contains(path) || named.contains(path);
                    assertTrue(!mustBeTold || paths.contains(path), seed + kind + " lost " + path);
                }
                assertEquals(files.size(), report.files());
                long silent = files.keySet().stream().filter(path -> !paths.contains(path)).count();
                assertTrue(silent <= labels + aside, seed + kind + silent + " > " + labels + aside);
            }
        }
    }

    private static ImportOptions options() {
        return new ImportOptions(
                ImportOptions.AUTO,
                ImportOptions.OnError.SKIP,
                "none",
                null,
                null,
                true,
                ImportOptions.DEFAULT_MAX_PIXELS,
                1);
    }
}
