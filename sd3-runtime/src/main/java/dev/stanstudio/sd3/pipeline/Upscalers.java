package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Closing;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.model.UpscalerSource;
import dev.stanstudio.sd3.vae.Upscaler;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens the upscalers of requests, as {@link KeptOpen} keeps them. Thread-safe. */
final class Upscalers implements AutoCloseable {
    /** The longest side of an enlarged picture. */
    static final int LONGEST_SIDE = 16_384;

    private record Opened(UpscalerSource source, Upscaler network, String fingerprint)
            implements AutoCloseable {
        @Override
        public void close() {
            Closing.all(network, source);
        }
    }

    private final KeptOpen<UpscalerSource, Opened> open;
    private final Device device;

    Upscalers(Device device) {
        this.device = device;
        open =
                new KeptOpen<>(
                        UpscalerSource::open,
                        UpscalerSource::fingerprint,
                        source -> new Opened(source, source.load(device), source.fingerprint()));
    }

    /** The upscalers of one request; close it after their last use. */
    final class Lease implements AutoCloseable {
        private final KeptOpen<UpscalerSource, Opened>.Lease lease;
        private final @Nullable HiresPass hires;
        private final @Nullable UpscalerInput after;

        private Lease(
                KeptOpen<UpscalerSource, Opened>.Lease lease,
                @Nullable HiresPass hires,
                @Nullable UpscalerInput after) {
            this.lease = lease;
            this.hires = hires;
            this.after = after;
        }

        private int afterIndex() {
            return hires == null || hires.upscaler() == null ? 0 : 1;
        }

        /**
         * Returns the request with the identities of its upscalers.
         *
         * @throws UserException if a file is another than the request was made with
         */
        GenerationRequest identified(GenerationRequest request) {
            HiresPass pass = hires;
            if (pass != null && pass.upscaler() != null) {
                pass = pass.by(identified(pass.upscaler(), 0));
            }
            UpscalerInput last = after == null ? null : identified(after, afterIndex());
            return request.withUpscalers(pass, last);
        }

        private UpscalerInput identified(UpscalerInput input, int index) {
            String weights = lease.get(index).fingerprint();
            Controls.same("upscaler", input.path(), input.fingerprint(), weights);
            return input.identified(weights);
        }

        /**
         * Refuses pictures that would become larger than any file.
         *
         * @throws ArgumentException that names the size
         */
        void check(int width, int height) {
            if (hires != null && hires.upscaler() != null) {
                check(hires.upscaler(), 0, width, height);
            }
            if (after != null) {
                int finalWidth = hires == null ? width : hires.side(width);
                int finalHeight = hires == null ? height : hires.side(height);
                check(after, afterIndex(), finalWidth, finalHeight);
            }
        }

        private void check(UpscalerInput input, int index, int width, int height) {
            Upscaler network = lease.get(index).network();
            long longest = (long) Math.max(width, height) * network.scale();
            if (longest > LONGEST_SIDE) {
                throw new ArgumentException(
                        "the upscaler %s would make %d×%d of %d×%d; a side has at most %d pixels"
                                .formatted(
                                        input.path(),
                                        (long) width * network.scale(),
                                        (long) height * network.scale(),
                                        width,
                                        height,
                                        LONGEST_SIDE));
            }
        }

        /** Returns {@code picture} enlarged by the upscaler of the hires pass. */
        Picture forSecondPass(Picture picture, CancellationCheck cancellation) {
            HiresPass pass = Objects.requireNonNull(hires);
            return enlarge(0, Objects.requireNonNull(pass.upscaler()), picture, cancellation);
        }

        /** Returns {@code picture}, enlarged where the request has an upscaler for it. */
        Picture finished(Picture picture, CancellationCheck cancellation) {
            return after == null ? picture : enlarge(afterIndex(), after, picture, cancellation);
        }

        private Picture enlarge(
                int index, UpscalerInput input, Picture picture, CancellationCheck cancellation) {
            Opened opened = lease.get(index);
            try (Scope local = Scope.open("upscale")) {
                int width = picture.width();
                int height = picture.height();
                Tensor bytes = Pictures.tensor(local, picture.samples(), width, height, 3);
                Tensor host = LatentOps.unit(local, bytes);
                Tensor placed = Tensors.to(local, host, device, DType.FP32);
                Tensor large = opened.network().enlarge(local, placed, cancellation::check);
                if (!Tensors.allFinite(large)) {
                    throw new UserException(
                            "the upscaler %s gives NaN; its weights may be damaged"
                                    .formatted(input.path()));
                }
                byte[] samples = Vae.toBytes(local, large).toBytes();
                int scale = opened.network().scale();
                return Picture.of(width * scale, height * scale, PixelMode.RGB, samples);
            }
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /** Returns an upscaler with the identity of its file. */
    static UpscalerInput identified(UpscalerInput input) {
        try (UpscalerSource source = UpscalerSource.open(Path.of(input.path()))) {
            return input.identified(source.fingerprint());
        }
    }

    /**
     * Opens the upscalers of a request.
     *
     * @throws UserException if one cannot be read
     */
    Lease lease(GenerationRequest request) {
        List<Path> paths = new ArrayList<>();
        HiresPass hires = request.hires();
        if (hires != null && hires.upscaler() != null) {
            paths.add(Path.of(hires.upscaler().path()));
        }
        UpscalerInput after = request.upscaler();
        if (after != null) {
            paths.add(Path.of(after.path()));
        }
        return new Lease(open.lease(paths), hires, after);
    }

    @Override
    public void close() {
        open.close();
    }
}
