package dev.stanstudio.scoring.score;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.LruCache;
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

/** Hashes files with SHA-256 and remembers unchanged ones. For one thread. */
final class FileHashes {
    private static final int REMEMBERED = 65_536;

    /** Identifies the state of a file. */
    record Stamp(Path file, long size, long modified) {
        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(file, now.size(), now.lastModifiedTime().toMillis());
            } catch (IOException e) {
                throw new UserException(file + " cannot be read: " + AtomicFile.reason(e), e);
            }
        }
    }

    private final FeatureExtractor extractor;
    private final LruCache<Stamp, String> known = new LruCache<>(REMEMBERED);

    FileHashes(FeatureExtractor extractor) {
        this.extractor = extractor;
    }

    /** Returns the hash of a file whose path may be reused after the call. */
    String ofPassing(Path file) {
        return extractor.hashes(List.of(file)).get(0);
    }

    /** Returns the hashes of files, in their order. */
    List<String> of(List<Stamp> files) {
        // Not only in the cache, which may drop some of them before they are read.
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
            List<String> hashes = extractor.hashes(unknown.stream().map(Stamp::file).toList());
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
