package dev.stanstudio.scoring.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of recently used values. For one thread.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
final class LruCache<K, V> {
    private final Map<K, V> values;

    LruCache(int most) {
        values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > most;
                    }
                };
    }

    @Nullable V find(K key) {
        return values.get(key);
    }

    void put(K key, V value) {
        values.put(key, value);
    }

    /** Returns the value of {@code key}, computed if it is not kept. */
    V get(K key, Function<? super K, ? extends V> compute) {
        return values.computeIfAbsent(key, compute);
    }
}
