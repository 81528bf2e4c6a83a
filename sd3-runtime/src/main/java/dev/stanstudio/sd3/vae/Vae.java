package dev.stanstudio.sd3.vae;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Set;

/**
 * AutoencoderKL (diffusers autoencoder_kl.py): pictures [B, 3, 8H, 8W] in −1…1 to latents [B, C, H,
 * W] and back. Immutable and thread-safe; networks are read when they are first used.
 */
public final class Vae implements AutoCloseable {
    private final VaeConfig config;
    private final Weights weights;
    private final Placement placement;
    private @org.jspecify.annotations.Nullable VaeNetwork encoder;
    private @org.jspecify.annotations.Nullable VaeNetwork decoder;

    private Vae(VaeConfig config, Weights weights, Placement placement) {
        this.config = config;
        this.weights = weights;
        this.placement = placement;
    }

    /**
     * Checks the tensors against the configuration and opens the autoencoder.
     *
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit
     */
    public static Vae load(VaeConfig config, Weights weights, Placement placement) {
        WeightCheck.check("vae", weights, VaeKeys.shapes(config), Set.of());
        return new Vae(config, weights, placement);
    }

    /** The shape of the autoencoder. */
    public VaeConfig config() {
        return config;
    }

    /** Returns its device and type. */
    public Placement placement() {
        return placement;
    }

    private synchronized VaeNetwork encoder() {
        if (encoder == null) {
            encoder = VaeNetwork.encoder(config, weights, placement);
        }
        return encoder;
    }

    private synchronized VaeNetwork decoder() {
        if (decoder == null) {
            decoder = VaeNetwork.decoder(config, weights, placement);
        }
        return decoder;
    }

    /**
     * The posterior's moments [B, 2C, H, W] of pictures [B, 3, 8H, 8W]: means, then log variances.
     *
     * @param tiled whether pictures larger than a tile are encoded in overlapping tiles
     * @param beforeStage called between stages; may throw to cancel
     */
    public Tensor encode(Scope owner, Tensor pictures, boolean tiled, Runnable beforeStage) {
        boolean large =
                pictures.size(2) > config.sampleSize() || pictures.size(3) > config.sampleSize();
        if (tiled && large) {
            return new VaeTiles(config.sampleSize(), config.latentTile())
                    .run(owner, pictures, (o, t) -> encoder().run(o, t, beforeStage));
        }
        return encoder().run(owner, pictures, beforeStage);
    }

    /**
     * Pictures [B, 3, 8H, 8W] in −1…1 from encoded values [B, C, H, W] (not normalised; see {@link
     * #denormalise}).
     */
    public Tensor decode(Scope owner, Tensor encoded, boolean tiled, Runnable beforeStage) {
        boolean large =
                encoded.size(2) > config.latentTile() || encoded.size(3) > config.latentTile();
        if (tiled && large) {
            return new VaeTiles(config.latentTile(), config.sampleSize())
                    .run(owner, encoded, (o, t) -> decoder().run(o, t, beforeStage));
        }
        return decoder().run(owner, encoded, beforeStage);
    }

    /**
     * A draw of the posterior with the given noise [B, C, H, W]: (mean + σ·noise − shift)·scale.
     */
    public Tensor sample(Scope owner, Tensor moments, Tensor noise) {
        return sample(owner, moments, noise, config.shiftFactor());
    }

    /** As the other, with another shift; one picture's moments may serve many rows of noise. */
    public Tensor sample(Scope owner, Tensor moments, Tensor noise, double shift) {
        return VaeNetwork.program()
                .call(owner, "sample", moments, noise, shift, config.scalingFactor());
    }

    /** The posterior's mean, normalised: (mean − shift)·scale. */
    public Tensor mode(Scope owner, Tensor moments) {
        return VaeNetwork.program()
                .call(owner, "mode", moments, config.shiftFactor(), config.scalingFactor());
    }

    /** Latents / scale + shift: what {@link #decode} takes. */
    public Tensor denormalise(Scope owner, Tensor latents) {
        return VaeNetwork.program()
                .call(owner, "denormalise", latents, config.shiftFactor(), config.scalingFactor());
    }

    /** Decoded values in −1…1 to a picture in 0…1, cut at both ends. */
    public static Tensor toPicture(Scope owner, Tensor decoded) {
        return VaeNetwork.program().call(owner, "picture", decoded);
    }

    /** A picture [B, 3, H, W] in 0…1 to bytes [B, H, W, 3], ties to even as numpy rounds. */
    public static Tensor toBytes(Scope owner, Tensor picture) {
        return VaeNetwork.program().call(owner, "to_bytes", picture);
    }

    /** Bytes [H, W, 3] to a picture [1, 3, H, W] in −1…1, here and in this type. */
    public Tensor fromBytes(Scope owner, Tensor bytes) {
        return VaeNetwork.program()
                .call(
                        owner,
                        "from_bytes",
                        bytes,
                        placement.device().toString(),
                        placement.dtype().scalarType());
    }

    @Override
    public synchronized void close() {
        Closing.all(encoder, decoder);
        encoder = null;
        decoder = null;
    }
}
