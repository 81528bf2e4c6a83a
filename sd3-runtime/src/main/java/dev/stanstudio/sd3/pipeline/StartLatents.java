package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the first latents of sampling, and the part that inpainting keeps. Random numbers are drawn
 * in diffusers' order: text to image, the noise; with a picture, first the autoencoder's posterior,
 * then the noise. What a stochastic sampler draws follows.
 *
 * @param latents x at the first sigma [1, C, H, W]
 * @param clean latents of the initial picture, or null
 * @param noise noise that was mixed in, or null
 * @param mask of what keeps the picture, or null
 */
record StartLatents(
        Tensor latents, @Nullable Tensor clean, @Nullable Tensor noise, @Nullable LatentMask mask) {

    /** Noise alone. */
    static StartLatents fromNoise(
            Scope scope, Placement placement, RandomSource random, long[] shape) {
        return new StartLatents(draw(scope, placement, random, shape), null, null, null);
    }

    /**
     * Row {@code index} of a file's tensor {@code latents}, or its only row. The noise in whose
     * place it comes is drawn all the same: what a sampler draws later is no repetition of it.
     */
    static StartLatents fromFile(
            Scope scope,
            Placement placement,
            RandomSource random,
            Path file,
            int index,
            long[] shape) {
        StoredTensor stored = TensorCollection.open(file).tensor("latents");
        try (TensorFiles files = new TensorFiles();
                Scope local = Scope.open("latents")) {
            random.normal(local, shape, placement.dtype());
            Tensor all = files.open(local, stored);
            long[] found = all.shape();
            boolean fits = found.length == 4 && Arrays.equals(found, 1, 4, shape, 1, 4);
            if (!fits || (found[0] != 1 && found[0] <= index)) {
                throw new ArgumentException(
                        "%s: latents are %s, the request needs %s"
                                .formatted(file, Arrays.toString(found), Arrays.toString(shape)));
            }
            long row = found[0] == 1 ? 0 : index;
            Tensor one = Tensors.narrow(local, all, 0, row, row + 1);
            // A copy: the file may change once its map is gone.
            Tensor copy =
                    Tensors.combine(
                            local, new double[] {1}, java.util.List.of(one), placement.dtype());
            return new StartLatents(
                    Tensors.to(scope, copy, placement.device(), placement.dtype()),
                    null,
                    null,
                    null);
        }
    }

    /** A picture's latents under noise of level {@code sigma}. */
    static StartLatents fromPicture(
            Scope scope,
            Vae vae,
            Pictures.Prepared input,
            RandomSource random,
            double sigma,
            boolean pureNoise,
            boolean tiled,
            Runnable checkpoint) {
        try (Scope local = Scope.open("initial picture")) {
            Picture picture = input.picture();
            Tensor bytes =
                    Pictures.tensor(local, picture.samples(), picture.width(), picture.height(), 3);
            Tensor moments = vae.encode(local, vae.fromBytes(local, bytes), tiled, checkpoint);
            long[] shape = {1, vae.config().latentChannels(), moments.size(2), moments.size(3)};
            Tensor posterior = draw(local, vae.placement(), random, shape);
            Tensor clean = vae.sample(scope, moments, posterior);
            Tensor noise = draw(scope, vae.placement(), random, shape);
            Tensor start =
                    pureNoise
                            ? Tensors.share(scope, noise)
                            : LatentOps.addNoise(scope, clean, noise, sigma);
            return new StartLatents(start, clean, noise, kept(scope, vae, input, shape));
        }
    }

    private static @Nullable LatentMask kept(
            Scope scope, Vae vae, Pictures.Prepared input, long[] shape) {
        Picture levels = input.levels();
        if (levels != null) {
            Picture small = Pictures.resize(levels, (int) shape[3], (int) shape[2]);
            try (Scope local = Scope.open("levels")) {
                Tensor bytes =
                        Pictures.tensor(local, small.samples(), small.width(), small.height(), 1);
                return new LatentMask.Differential(
                        LatentOps.levels(scope, bytes, vae.placement().device()));
            }
        }
        Picture mask = input.mask();
        return mask == null ? null : new LatentMask.Hard(mask(scope, vae, mask));
    }

    /** Returns the mask of latents [1, 1, H, W], 1 where {@code grey} is at least half white. */
    static Tensor mask(Scope scope, Vae vae, Picture grey) {
        try (Scope local = Scope.open("mask")) {
            Tensor bytes = Pictures.tensor(local, grey.samples(), grey.width(), grey.height(), 1);
            Tensor flat = Tensors.reshape(local, bytes, new long[] {grey.height(), grey.width()});
            return LatentOps.mask(scope, flat, vae.config().factor(), vae.placement());
        }
    }

    /** Standard normal numbers, drawn on the CPU in the model's dtype. */
    static Tensor draw(Scope scope, Placement placement, RandomSource random, long[] shape) {
        try (Scope local = Scope.open("draw")) {
            Tensor host = random.normal(local, shape, placement.dtype());
            return Tensors.to(scope, host, placement.device(), placement.dtype());
        }
    }
}
