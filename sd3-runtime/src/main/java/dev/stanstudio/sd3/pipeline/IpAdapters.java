package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.ImagePrompt;
import dev.stanstudio.sd3.mmdit.IpAdapter;
import dev.stanstudio.sd3.mmdit.SiglipTower;
import dev.stanstudio.sd3.model.IpAdapterSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.IpAdapterInput.StylePicture;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the IP-Adapters of requests, as {@link KeptOpen} keeps them. Thread-safe. */
final class IpAdapters implements AutoCloseable {
    private record Opened(
            IpAdapterSource source, IpAdapter adapter, SiglipTower tower, String fingerprint)
            implements AutoCloseable {
        @Override
        public void close() {
            Closing.all(adapter, tower, source);
        }
    }

    private final KeptOpen<IpAdapterSource, Opened> open;
    private final boolean evicts;

    IpAdapters(Sd3Model model) {
        open =
                new KeptOpen<>(
                        IpAdapterSource::open,
                        IpAdapterSource::fingerprint,
                        source -> opened(model, source));
        evicts = model.options().offload() != Offload.NONE;
    }

    private static Opened opened(Sd3Model model, IpAdapterSource source) {
        SiglipTower tower = model.tower(source);
        try {
            return new Opened(source, model.ipAdapter(source), tower, source.fingerprint());
        } catch (RuntimeException | Error e) {
            Closing.after(e, tower);
            throw e;
        }
    }

    /** The adapter of one request, or none; close it after its last use. */
    final class Lease implements AutoCloseable {
        private final KeptOpen<IpAdapterSource, Opened>.Lease lease;
        private final @Nullable IpAdapterInput input;

        private Lease(
                KeptOpen<IpAdapterSource, Opened>.Lease lease, @Nullable IpAdapterInput input) {
            this.lease = lease;
            this.input = input;
        }

        /**
         * Returns the request's adapter with the identities of its files, or null.
         *
         * @throws dev.stanstudio.base.UserException if a file is another than the request was made
         *     with
         */
        @Nullable IpAdapterInput identified() {
            if (input == null) {
                return null;
            }
            String weights = lease.get(0).fingerprint();
            Controls.same("IP-Adapter", input.path(), input.fingerprint(), weights);
            return input.identified(weights, input.pictures().stream().map(this::read).toList());
        }

        private StylePicture read(StylePicture one) {
            String what = "picture for the IP-Adapter";
            return new StylePicture(one.path(), Controls.hash(one.path(), what, one.sha256()));
        }

        /**
         * Reads the pictures; {@code scope} owns the tensors.
         *
         * @param guided whether there is a negative prediction, which sees zeros as in diffusers
         * @return null where no picture is seen: without adapter, or at scale 0
         */
        @Nullable ImagePrompt prompt(Scope scope, boolean guided, CancellationCheck cancellation) {
            if (input == null || input.scale() == 0) {
                return null;
            }
            Opened opened = lease.get(0);
            List<Picture> pictures =
                    input.pictures().stream()
                            .map(one -> Picture.read(Path.of(one.path()), Reading.SEEN))
                            .toList();
            try (Scope local = Scope.open("pictures for the IP-Adapter")) {
                Tensor pixels = opened.source().scaling().pixels(local, pictures);
                Tensor features = opened.tower().features(local, pixels, cancellation::check);
                if (evicts) {
                    opened.tower().evict();
                }
                long[] shape = {1, features.size(0), features.size(1), features.size(2)};
                Tensor seen = Tensors.reshape(local, features, shape);
                List<Tensor> rows =
                        guided ? List.of(LatentOps.rest(local, seen), seen) : List.of(seen);
                Tensor all = Tensors.concat(scope, rows, 0);
                return new ImagePrompt(opened.adapter(), all, input.scale());
            }
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /**
     * Opens the adapter of a request.
     *
     * @param input the adapter, or null
     * @throws dev.stanstudio.base.UserException if it cannot be read or does not fit the model
     */
    Lease lease(@Nullable IpAdapterInput input) {
        return new Lease(
                open.lease(input == null ? List.of() : List.of(Path.of(input.path()))), input);
    }

    @Override
    public void close() {
        open.close();
    }
}
