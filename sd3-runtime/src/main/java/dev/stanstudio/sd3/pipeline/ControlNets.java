package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.model.ControlSource;
import dev.stanstudio.sd3.model.Sd3Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the control networks of requests. Those of the last request stay open for the next one, and
 * none is closed while a request uses it. Thread-safe.
 */
final class ControlNets implements AutoCloseable {
    /**
     * An open network.
     *
     * @param edges whether its file asks for edges in Stability's range of values
     */
    record Opened(ControlSource source, ControlNet network, String fingerprint, boolean edges) {}

    private record Key(Path path, String fingerprint) {}

    private static final class Held {
        private final Opened opened;
        private int users;

        private Held(Opened opened) {
            this.opened = opened;
        }

        private void close() {
            Closing.all(opened.network(), opened.source());
        }
    }

    private final Sd3Model model;
    private final Map<Key, Held> held = new LinkedHashMap<>();

    ControlNets(Sd3Model model) {
        this.model = model;
    }

    /** The networks of one request, in its order; close it after their last use. */
    final class Lease implements AutoCloseable {
        private final List<Held> leased = new ArrayList<>();

        /** Returns network {@code index}. */
        Opened get(int index) {
            return leased.get(index).opened;
        }

        @Override
        public void close() {
            release(leased);
        }
    }

    /**
     * Opens the networks of {@code controls}.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read or does not fit the model
     */
    synchronized Lease lease(List<ControlInput> controls) {
        Lease lease = new Lease();
        try {
            for (ControlInput control : controls) {
                Held one = open(Path.of(control.path()));
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

    private Held open(Path path) {
        ControlSource source = ControlSource.open(path);
        try {
            Key key = new Key(path.toAbsolutePath().normalize(), source.fingerprint());
            Held known = held.get(key);
            if (known != null) {
                source.close();
                return known;
            }
            Held opened =
                    new Held(
                            new Opened(
                                    source,
                                    model.control(source),
                                    key.fingerprint(),
                                    source.isForEdges()));
            held.put(key, opened);
            return opened;
        } catch (RuntimeException | Error e) {
            Closing.after(e, source);
            throw e;
        }
    }

    private synchronized void release(List<Held> leased) {
        leased.forEach(one -> one.users--);
        leased.clear();
    }

    private void closeIdle(List<Held> kept) {
        for (Iterator<Held> all = held.values().iterator(); all.hasNext(); ) {
            Held one = all.next();
            if (one.users == 0 && !kept.contains(one)) {
                all.remove();
                one.close();
            }
        }
    }

    @Override
    public synchronized void close() {
        held.values().forEach(Held::close);
        held.clear();
    }
}
