package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Opens networks that requests name beside the model. Those of the last request stay open for the
 * next one, and none is closed while a request uses it. Thread-safe.
 *
 * @param <S> files of a network
 * @param <T> an open network, which owns its files
 */
final class KeptOpen<S extends AutoCloseable, T extends AutoCloseable> implements AutoCloseable {
    private record Key(Path path, String fingerprint) {}

    private static final class Held<T> {
        private final T opened;
        private int users;

        private Held(T opened) {
            this.opened = opened;
        }
    }

    private final Function<Path, S> files;
    private final Function<S, String> fingerprint;
    private final Function<S, T> opening;
    private final Map<Key, Held<T>> held = new LinkedHashMap<>();

    /** Opens files by {@code files}, tells them by {@code fingerprint}, and opens their network. */
    KeptOpen(Function<Path, S> files, Function<S, String> fingerprint, Function<S, T> opening) {
        this.files = files;
        this.fingerprint = fingerprint;
        this.opening = opening;
    }

    /** The networks of one request, in its order; close it after their last use. */
    final class Lease implements AutoCloseable {
        private final List<Held<T>> leased = new ArrayList<>();

        /** Returns network {@code index}. */
        T get(int index) {
            return leased.get(index).opened;
        }

        @Override
        public void close() {
            release(leased);
        }
    }

    /**
     * Opens the networks at {@code paths}.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read or does not fit the model
     */
    synchronized Lease lease(List<Path> paths) {
        Lease lease = new Lease();
        try {
            for (Path path : paths) {
                Held<T> one = open(path);
                one.users++;
                lease.leased.add(one);
            }
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
        closeIdle(lease.leased);
        return lease;
    }

    private Held<T> open(Path path) {
        S source = files.apply(path);
        try {
            Key key = new Key(path.toAbsolutePath().normalize(), fingerprint.apply(source));
            Held<T> known = held.get(key);
            if (known != null) {
                Closing.all(source);
                return known;
            }
            Held<T> opened = new Held<>(opening.apply(source));
            held.put(key, opened);
            return opened;
        } catch (RuntimeException | Error e) {
            Closing.after(e, source);
            throw e;
        }
    }

    private synchronized void release(List<Held<T>> leased) {
        leased.forEach(one -> one.users--);
        leased.clear();
    }

    private void closeIdle(List<Held<T>> kept) {
        for (Iterator<Held<T>> all = held.values().iterator(); all.hasNext(); ) {
            Held<T> one = all.next();
            if (one.users == 0 && !kept.contains(one)) {
                all.remove();
                Closing.all(one.opened);
            }
        }
    }

    @Override
    public synchronized void close() {
        held.values().forEach(one -> Closing.all(one.opened));
        held.clear();
    }
}
