package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.schedule.Sampler;
import dev.stanstudio.sd3.schedule.SigmaTable;
import dev.stanstudio.sd3.vae.Vae;
import java.util.function.UnaryOperator;

/**
 * The state that the second passes of a request share. Random numbers of a second pass follow those
 * of the first in the picture's own generator: the autoencoder's posterior where a picture was
 * enlarged, the noise, and what a stochastic sampler draws.
 *
 * @param hires the pass
 * @param request of the second pass alone
 * @param guide the transformer with control pictures of the larger size
 * @param table noise levels of the larger size
 * @param upscalers of the request
 */
record HiresRun(
        HiresPass hires,
        GenerationRequest request,
        GuidedTransformer guide,
        SigmaTable table,
        Upscalers.Lease upscalers) {
    /** Returns the first step of {@code table} that is made, counted from 0. */
    static int firstStep(HiresPass hires, SigmaTable table) {
        return SigmaTable.startStep(table.steps(), hires.strength());
    }

    int firstStep() {
        return firstStep(hires, table);
    }

    /** Returns the number of model calls. */
    int calls() {
        return calls(table, firstStep());
    }

    /** Returns the number of model calls of a run from {@code firstStep}. */
    static int calls(SigmaTable table, int firstStep) {
        try (Scope scope = Scope.open("calls");
                Sampler<Tensor> sampler =
                        table.sampler(firstStep, new TensorMath(scope), latents -> latents)) {
            return sampler.modelCalls();
        }
    }

    /**
     * Returns the first latents of the second pass.
     *
     * @param first the first pass, which decodes its latents where a picture is enlarged
     * @param latents the result of the first pass
     */
    StartLatents start(
            Scope scope,
            PictureRun first,
            Tensor latents,
            Vae vae,
            RandomSource random,
            double sigma,
            CancellationCheck cancellation) {
        return switch (hires.by()) {
            case LATENT, LATENT_NEAREST, LATENT_BICUBIC ->
                    noisy(scope, latents, vae, random, sigma);
            case PICTURE ->
                    encoded(
                            scope,
                            first.decode(latents, "first.image"),
                            vae,
                            random,
                            sigma,
                            cancellation);
            case UPSCALER -> {
                Picture drawn = first.decode(latents, "first.image");
                Picture large = upscalers.forSecondPass(drawn, cancellation);
                yield encoded(scope, large, vae, random, sigma, cancellation);
            }
        };
    }

    private StartLatents noisy(
            Scope scope, Tensor latents, Vae vae, RandomSource random, double sigma) {
        long factor = vae.config().factor();
        try (Scope local = Scope.open("enlarged latents")) {
            Tensor clean =
                    LatentOps.enlarge(
                            local,
                            latents,
                            request.height() / factor,
                            request.width() / factor,
                            hires.by());
            Tensor noise = StartLatents.draw(local, vae.placement(), random, clean.shape());
            Tensor start = LatentOps.addNoise(scope, clean, noise, sigma);
            return new StartLatents(start, null, null, null);
        }
    }

    private StartLatents encoded(
            Scope scope,
            Picture picture,
            Vae vae,
            RandomSource random,
            double sigma,
            CancellationCheck cancellation) {
        Picture sized =
                Resampler.of(ResampleFilter.LANCZOS)
                        .resize(picture, request.width(), request.height());
        return StartLatents.fromPicture(
                scope,
                vae,
                new Pictures.Prepared(sized, null, null, UnaryOperator.identity()),
                random,
                sigma,
                false,
                request.vaeTiling(),
                cancellation::check);
    }
}
