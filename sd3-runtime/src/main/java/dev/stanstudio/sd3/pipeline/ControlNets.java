package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.model.ControlSource;
import dev.stanstudio.sd3.model.Sd3Model;
import java.nio.file.Path;
import java.util.List;

/** Opens the control networks of requests, as {@link KeptOpen} keeps them. Thread-safe. */
final class ControlNets implements AutoCloseable {
    /**
     * An open network.
     *
     * @param edges whether its file asks for edges in Stability's range of values
     */
    record Opened(ControlSource source, ControlNet network, String fingerprint, boolean edges)
            implements AutoCloseable {
        @Override
        public void close() {
            Closing.all(network, source);
        }
    }

    private final KeptOpen<ControlSource, Opened> open;

    ControlNets(Sd3Model model) {
        open =
                new KeptOpen<>(
                        ControlSource::open,
                        ControlSource::fingerprint,
                        source ->
                                new Opened(
                                        source,
                                        model.control(source),
                                        source.fingerprint(),
                                        source.isForEdges()));
    }

    /** The networks of one request, in its order; close it after their last use. */
    static final class Lease implements AutoCloseable {
        private final KeptOpen<ControlSource, Opened>.Lease networks;

        private Lease(KeptOpen<ControlSource, Opened>.Lease networks) {
            this.networks = networks;
        }

        /** Returns network {@code index}. */
        Opened get(int index) {
            return networks.get(index);
        }

        @Override
        public void close() {
            networks.close();
        }
    }

    /**
     * Opens the networks of {@code controls}.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read or does not fit the model
     */
    Lease lease(List<ControlInput> controls) {
        return new Lease(open.lease(controls.stream().map(c -> Path.of(c.path())).toList()));
    }

    @Override
    public void close() {
        open.close();
    }
}
