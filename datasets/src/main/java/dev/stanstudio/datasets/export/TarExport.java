package dev.stanstudio.datasets.export;

import dev.stanstudio.base.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Shards of webdataset: {@code train-000000.tar} with the files {@code 000000000.jpg}, {@code .txt}
 * and {@code .json} of each sample side by side. Owners and times are zero, so equal collections
 * give equal bytes.
 */
final class TarExport {
    private static final String CAPTION = "txt";

    private TarExport() {}

    static void write(Path out, List<Entry> entries, ExportRun run) throws IOException {
        Map<String, List<Entry>> parts = new TreeMap<>();
        for (Entry entry : entries) {
            parts.computeIfAbsent(entry.part(), part -> new ArrayList<>()).add(entry);
        }
        int size = run.options().shardSize();
        for (Map.Entry<String, List<Entry>> part : parts.entrySet()) {
            List<Entry> own = part.getValue();
            String name = part.getKey().isEmpty() ? "data" : part.getKey();
            for (int from = 0; from < own.size(); from += size) {
                List<Entry> shard = own.subList(from, Math.min(own.size(), from + size));
                String number = String.format(Locale.ROOT, "-%06d.tar", from / size);
                shard(out.resolve(name + number), shard, from, run);
            }
        }
    }

    /** A shard that lacks pictures is made again: they may have been mended since. */
    private static void shard(Path file, List<Entry> entries, int first, ExportRun run)
            throws IOException {
        if (Files.exists(file) && samples(file) == entries.size()) {
            run.kept(entries.size());
            return;
        }
        AtomicFile.write(
                file,
                to -> {
                    TarArchiveOutputStream tar = new TarArchiveOutputStream(to, "UTF-8");
                    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                    for (int i = 0; i < entries.size(); i++) {
                        sample(tar, entries.get(i), first + i, run);
                    }
                    tar.finish();
                });
    }

    /** Counts the samples of a shard by their captions. */
    private static int samples(Path file) throws IOException {
        int count = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new BufferedInputStream(Files.newInputStream(file)), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                count += entry.getName().endsWith(CAPTION) ? 1 : 0;
            }
        }
        return count;
    }

    private static void sample(TarArchiveOutputStream tar, Entry entry, int number, ExportRun run)
            throws IOException {
        PeerReader.Exported picture = PeerReader.WEBDATASET.file(entry, run);
        if (picture == null) {
            return;
        }
        String key = String.format(Locale.ROOT, "%09d.", number);
        member(tar, key + picture.extension(), picture.bytes());
        member(tar, key + CAPTION, entry.caption().getBytes(StandardCharsets.UTF_8));
        String json = entry.published(key + picture.extension()).toString();
        member(tar, key + "json", json.getBytes(StandardCharsets.UTF_8));
        run.written(1);
    }

    private static void member(TarArchiveOutputStream tar, String name, byte[] bytes)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
