package dev.stanstudio.datasets.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The layouts that are folders of pictures. */
final class FolderExport {
    private FolderExport() {}

    /** Pictures of each part in a folder of its own beside their metadata.jsonl. */
    static void imageFolder(Path out, List<Entry> entries, ExportRun run) throws IOException {
        Map<String, List<Entry>> parts = new TreeMap<>();
        for (Entry entry : entries) {
            Path folder = Files.createDirectories(out.resolve(entry.part()));
            if (copy(entry, folder.resolve(entry.name()), run)) {
                parts.computeIfAbsent(entry.part(), part -> new ArrayList<>()).add(entry);
            }
        }
        Set<String> used = new HashSet<>();
        parts.values().forEach(own -> used.addAll(filled(own)));
        parts.forEach((part, own) -> list(out.resolve(part), own, used));
    }

    /** The keys that any of {@code entries} has a value for. */
    private static Set<String> filled(List<Entry> entries) {
        Set<String> keys = new HashSet<>();
        for (Entry entry : entries) {
            for (Map.Entry<String, JsonNode> key : entry.published(entry.name()).properties()) {
                if (!key.getValue().isNull()) {
                    keys.add(key.getKey());
                }
            }
        }
        return keys;
    }

    /**
     * @param used keys that some part has a value for. Hugging Face's reader refuses parts of which
     *     one has texts where the other has nothing but null, so that one has empty texts.
     */
    private static void list(Path folder, List<Entry> entries, Set<String> used) {
        Set<String> blank = new TreeSet<>(used);
        blank.removeAll(filled(entries));
        AtomicFile.write(
                folder.resolve(StyleCollection.METADATA),
                to -> {
                    for (Entry entry : entries) {
                        ObjectNode json = entry.published(entry.name());
                        blank.forEach(key -> json.put(key, ""));
                        String line = json + "\n";
                        to.write(line.getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    /** Captions come first, so that no picture is ever without. */
    static void kohya(Path out, List<Entry> entries, ExportRun run) throws IOException {
        for (Entry entry : entries) {
            String style = ExportPlan.folderName(entry.item().labels().styles().get(0));
            Path folder = out.resolve(entry.part()).resolve(run.options().repeats() + "_" + style);
            Files.createDirectories(folder);
            Path caption = folder.resolve(entry.stem() + ".txt");
            if (!Files.exists(caption)) {
                AtomicFile.write(
                        caption, to -> to.write(entry.caption().getBytes(StandardCharsets.UTF_8)));
            }
            boolean there = kohya(entry, folder, run);
            if (!there) {
                Files.delete(caption);
            }
        }
    }

    /** Returns true if the picture is there now. */
    private static boolean copy(Entry entry, Path target, ExportRun run) {
        if (Files.exists(target)) {
            run.kept(1);
            return true;
        }
        byte[] bytes = run.read(entry);
        if (bytes == null) {
            return false;
        }
        AtomicFile.write(target, to -> to.write(bytes));
        run.written(1);
        return true;
    }

    /** As {@link #copy}, as PNG where kohya's scripts would see something else. */
    private static boolean kohya(Entry entry, Path folder, ExportRun run) {
        boolean there =
                Files.exists(folder.resolve(entry.name()))
                        || Files.exists(folder.resolve(entry.stem() + ".png"));
        if (there) {
            run.kept(1);
            return true;
        }
        PeerReader.Exported file = PeerReader.KOHYA.file(entry, run);
        if (file == null) {
            return false;
        }
        Path target = folder.resolve(entry.stem() + "." + file.extension());
        AtomicFile.write(target, to -> to.write(file.bytes()));
        run.written(1);
        return true;
    }
}
