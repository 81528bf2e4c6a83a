package dev.stanstudio.scoring.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values that were used last, a bounded number. For one thread.
 *
 * @param <K> what they are found by
 * @param <V> what is remembered
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

    /** The value of {@code key}, computed if it is not remembered. */
    V get(K key, Function<? super K, ? extends V> compute) {
        return values.computeIfAbsent(key, compute);
    }
}
