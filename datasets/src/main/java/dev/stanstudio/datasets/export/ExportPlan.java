package dev.stanstudio.datasets.export;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists what an export will write, settled before anything is written. */
final class ExportPlan {
    /** Holds the plan's hash, so that only the same export is continued. */
    static final String MARK = ".export.sha256";

    /** Name that {@link AtomicFile} gives a file while writing it. */
    private static final Pattern HALF = Pattern.compile("\\..+\\.[0-9a-f-]{36}\\.part");

    private static final String UNPARTED = "unparted";

    private ExportPlan() {}

    static List<Entry> of(StyleCollection collection, ExportOptions options) {
        List<StyleItem> items = options.selection().of(collection);
        boolean parted = items.stream().anyMatch(item -> item.labels().split() != null);
        Set<String> stems = new HashSet<>();
        List<Entry> entries = new ArrayList<>();
        for (StyleItem item : items) {
            String name = item.fileName().substring(item.fileName().lastIndexOf('/') + 1);
            int dot = name.lastIndexOf('.');
            String stem = dot > 0 ? name.substring(0, dot) : name;
            if (!stems.add(stem)) {
                stem += "-" + item.sha256().substring(0, 16);
                stems.add(stem);
            }
            entries.add(
                    new Entry(
                            item,
                            options.captions().caption(item),
                            parted ? part(item.labels().split()) : "",
                            stem,
                            name.substring(dot + 1).toLowerCase(Locale.ROOT)));
        }
        return entries;
    }

    /** A folder's name; the part's own name where it is a plain one. */
    private static String part(@Nullable String split) {
        return split == null ? UNPARTED : folderName(split);
    }

    /** {@code text} as the name of a file or folder. */
    static String folderName(String text) {
        String plain = text.replaceAll("[^\\p{L}\\p{N} ._-]+", "_").strip();
        return plain.isEmpty() || plain.startsWith(".") ? "_" + plain : plain;
    }

    /**
     * Takes {@code out} for this export: it must be new, empty, or hold the same export.
     *
     * @throws UserException when it holds something else
     */
    static void claim(Path out, List<Entry> entries, ExportOptions options) throws IOException {
        Files.createDirectories(out);
        Path mark = out.resolve(MARK);
        String hash = hash(entries, options);
        if (Files.exists(mark)) {
            if (!Files.readString(mark).strip().equals(hash)) {
                throw new UserException(
                        out + " holds another export; name a new or empty folder with --out");
            }
            return;
        }
        try (Stream<Path> files = Files.list(out)) {
            if (files.findAny().isPresent()) {
                throw new UserException(
                        out + " holds other files; name a new or empty folder with --out");
            }
        }
        AtomicFile.write(mark, to -> to.write((hash + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Removes the files that a killed process left half written; no other may write them now. */
    static void clear(Path out) throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.toList()) {
                if (HALF.matcher(String.valueOf(file.getFileName())).matches()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String hash(List<Entry> entries, ExportOptions options) {
        Sha256 hash = new Sha256();
        // 2: pictures are written upright, so what version 1 began is not gone on with.
        int version = options.format() == ExportOptions.Format.IMAGEFOLDER ? 1 : 2;
        String head =
                version
                        + " "
                        + options.format()
                        + " "
                        + options.repeats()
                        + " "
                        + options.shardSize();
        hash.add(head);
        for (Entry entry : entries) {
            hash.add(entry.part() + "/" + entry.json(entry.name()));
        }
        return hash.hex();
    }
}
