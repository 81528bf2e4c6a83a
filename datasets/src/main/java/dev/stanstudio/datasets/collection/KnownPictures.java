package dev.stanstudio.datasets.collection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The styles of each picture by the hash of its bytes, in little memory. Not thread-safe. */
final class KnownPictures {
    /** The first 128 of the 256 bits tell any number of pictures apart. */
    private record Key(long high, long low) {
        static Key of(String sha256) {
            return new Key(
                    Long.parseUnsignedLong(sha256, 0, 16, 16),
                    Long.parseUnsignedLong(sha256, 16, 32, 16));
        }
    }

    private final Map<Key, List<String>> styles = new HashMap<>();
    private final Map<List<String>, List<String>> shared = new HashMap<>();

    void put(String sha256, List<String> names) {
        styles.put(Key.of(sha256), shared.computeIfAbsent(names, same -> same));
    }

    @Nullable List<String> styles(String sha256) {
        return styles.get(Key.of(sha256));
    }

    int size() {
        return styles.size();
    }
}
