package dev.stanstudio.base;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of recently used values. Thread-safe.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class LruCache<K, V> {
    private final Map<K, V> values;

    /** Keeps at most {@code most} values; the one that was not used for longest goes first. */
    public LruCache(int most) {
        values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > most;
                    }
                };
    }

    /** Returns the value of {@code key}; null if it is not kept. */
    public synchronized @Nullable V find(K key) {
        return values.get(key);
    }

    /** Keeps a value, instead of another of the same key. */
    public synchronized void put(K key, V value) {
        values.put(key, value);
    }

    /** Forgets the value of {@code key}. */
    public synchronized void remove(K key) {
        values.remove(key);
    }

    /**
     * Returns the value of {@code key}, computed if it is not kept. Nobody waits for a computation:
     * threads that need the same value at the same time all compute it.
     */
    public V get(K key, Function<? super K, ? extends V> compute) {
        V known = find(key);
        if (known != null) {
            return known;
        }
        V computed = compute.apply(key);
        put(key, computed);
        return computed;
    }
}
