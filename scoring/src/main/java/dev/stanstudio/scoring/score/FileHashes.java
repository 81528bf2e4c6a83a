package dev.stanstudio.scoring.score;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** SHA-256 of files; one that has not changed since is not read again. For one thread. */
final class FileHashes {
    private static final int REMEMBERED = 65_536;

    /** A file as it was. */
    record Stamp(Path file, long size, long modified) {
        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(file, now.size(), now.lastModifiedTime().toMillis());
            } catch (IOException e) {
                throw new UserException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private final FeatureExtractor maker;
    private final LruCache<Stamp, String> known = new LruCache<>(REMEMBERED);

    FileHashes(FeatureExtractor maker) {
        this.maker = maker;
    }

    /** The hash of a file that may be another one after the call. */
    String ofPassing(Path file) {
        return maker.hashes(List.of(file)).get(0);
    }

    /** The hashes of files, in their order. */
    List<String> of(List<Stamp> files) {
        // Beside the memory, which may forget some of them before they are asked for.
        Map<Stamp, String> here = new LinkedHashMap<>();
        LinkedHashSet<Stamp> unknown = new LinkedHashSet<>();
        for (Stamp stamp : files) {
            String hash = known.find(stamp);
            if (hash == null) {
                unknown.add(stamp);
            } else {
                here.put(stamp, hash);
            }
        }
        if (!unknown.isEmpty()) {
            List<String> hashes = maker.hashes(unknown.stream().map(Stamp::file).toList());
            int next = 0;
            for (Stamp stamp : unknown) {
                here.put(stamp, hashes.get(next));
                known.put(stamp, hashes.get(next));
                next++;
            }
        }
        List<String> all = new ArrayList<>();
        for (Stamp stamp : files) {
            all.add(String.valueOf(here.get(stamp)));
        }
        return all;
    }
}
