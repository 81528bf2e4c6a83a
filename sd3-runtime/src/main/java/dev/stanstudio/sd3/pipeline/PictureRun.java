package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener.Stage;
import dev.stanstudio.sd3.pipeline.GenerationListener.Step;
import dev.stanstudio.sd3.schedule.NoiseSource;
import dev.stanstudio.sd3.schedule.Sampler;
import dev.stanstudio.sd3.schedule.SigmaTable;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one picture from its seed to its pixels. Pictures of a request run one after another, each
 * with a batch of its own, so that a picture is the same alone and among others.
 */
final class PictureRun {
    private final Sd3Model model;
    private final GenerationRequest request;
    private final int index;
    private final GuidedTransformer guide;
    private final SigmaTable table;
    private final Pictures.@Nullable Prepared input;
    private final GenerationListener listener;
    private final CancellationCheck cancellation;
    private final Supplier<Preview> preview;
    private final FiniteCheck finite;
    private @Nullable HiresRun hires;
    private Upscalers.@Nullable Lease upscalers;
    private String prefix = "";
    private int callsBefore;
    private int callsAfter;

    PictureRun(
            Sd3Model model,
            GenerationRequest request,
            int index,
            GuidedTransformer guide,
            SigmaTable table,
            Pictures.@Nullable Prepared input,
            GenerationListener listener,
            Supplier<Preview> preview) {
        this.model = model;
        this.request = request;
        this.index = index;
        this.guide = guide;
        this.table = table;
        this.input = input;
        this.listener = listener;
        this.cancellation = new CancellationCheck(listener);
        this.preview = preview;
        this.finite = FiniteCheck.of(model, request);
    }

    /** Lets a second pass and an upscaler follow. */
    PictureRun then(@Nullable HiresRun second, Upscalers.Lease enlarging) {
        hires = second;
        upscalers = enlarging;
        callsAfter = second == null ? 0 : second.calls();
        return this;
    }

    Picture run() {
        try (Scope scope = Scope.open("picture " + index)) {
            RandomSource random = RandomSource.seeded(scope, request.seeds().get(index));
            return run(scope, random);
        }
    }

    private Picture run(Scope scope, RandomSource random) {
        Tensor latents =
                denoise(scope, random, firstStep(), sampler -> start(scope, sampler, random));
        PictureRun last = hires == null ? this : second(hires);
        if (hires != null) {
            latents = last.denoiseAgain(scope, random, hires, this, latents);
        }
        listener.onStage(index, Stage.DECODING);
        Picture decoded = last.decode(latents, "image");
        Picture finished = last.input == null ? decoded : last.input.finished(decoded);
        return upscalers == null ? finished : upscalers.finished(finished, cancellation);
    }

    /** Returns the run of the second pass of this picture. */
    private PictureRun second(HiresRun pass) {
        PictureRun second =
                new PictureRun(
                        model,
                        pass.request(),
                        index,
                        pass.guide(),
                        pass.table(),
                        null,
                        listener,
                        preview);
        second.prefix = "hires.";
        second.callsBefore = HiresRun.calls(table, firstStep());
        return second;
    }

    private Tensor denoiseAgain(
            Scope scope, RandomSource random, HiresRun pass, PictureRun first, Tensor latents) {
        listener.onStage(index, Stage.IMAGE);
        return denoise(
                scope,
                random,
                pass.firstStep(),
                sampler ->
                        pass.start(
                                scope,
                                first,
                                latents,
                                model.vae(),
                                random,
                                sampler.sigma(0),
                                cancellation));
    }

    private Tensor denoise(
            Scope scope,
            RandomSource random,
            int firstStep,
            Function<Sampler<Tensor>, StartLatents> starting) {
        NoiseSource<Tensor> noise =
                latents ->
                        StartLatents.draw(scope, model.vae().placement(), random, latents.shape());
        try (Sampler<Tensor> sampler = table.sampler(firstStep, new TensorMath(scope), noise)) {
            StartLatents start = starting.apply(sampler);
            finite.start(start.latents());
            trace(prefix + "latents.0", start.latents());
            listener.onStage(index, Stage.DENOISING);
            return sample(scope, sampler, start, guidance(scope));
        }
    }

    private GuidedTransformer.OfPicture guidance(Scope scope) {
        return new GuidedTransformer.OfPicture(
                new Guider(scope, request.sampling()),
                guide.controls(scope, request.seeds().get(index)));
    }

    private int firstStep() {
        return request.firstStep(table.steps());
    }

    private void trace(String name, Tensor tensor) {
        if (listener.wantsTensors()) {
            listener.onTensor(index, name, tensor);
        }
    }

    private StartLatents start(Scope scope, Sampler<Tensor> sampler, RandomSource random) {
        Vae vae = model.vae();
        long factor = vae.config().factor();
        long[] shape = {
            1, vae.config().latentChannels(), request.height() / factor, request.width() / factor
        };
        String file = request.latentsFile();
        if (file != null) {
            return StartLatents.fromFile(
                    scope, vae.placement(), random, Path.of(file), index, shape);
        }
        ImageInput image = request.image();
        if (input == null || image == null) {
            return StartLatents.fromNoise(scope, vae.placement(), random, shape);
        }
        listener.onStage(index, Stage.IMAGE);
        // The inpainting pipeline of diffusers starts from pure noise at full strength.
        boolean pureNoise =
                input.mask() != null && input.levels() == null && image.strength() == 1.0;
        return StartLatents.fromPicture(
                scope,
                vae,
                input,
                random,
                sampler.sigma(0),
                pureNoise,
                request.vaeTiling(),
                cancellation::check);
    }

    private Tensor sample(
            Scope scope,
            Sampler<Tensor> sampler,
            StartLatents start,
            GuidedTransformer.OfPicture picture) {
        Tensor latents = start.latents();
        for (int call = 0; call < sampler.modelCalls(); call++) {
            cancellation.check();
            Tensor next = step(scope, sampler, call, latents, start, picture);
            scope.release(latents);
            latents = next;
            trace(prefix + "latents." + (call + 1), latents);
        }
        return latents;
    }

    private Tensor step(
            Scope scope,
            Sampler<Tensor> sampler,
            int call,
            Tensor latents,
            StartLatents start,
            GuidedTransformer.OfPicture picture) {
        try (Scope local = Scope.open("step")) {
            Tensor velocity =
                    guide.velocity(
                            local,
                            latents,
                            sampler.timestep(call),
                            picture,
                            sampler.schedulerStep(call),
                            table.steps(),
                            cancellation);
            Tensor next = sampler.step(call, latents, velocity);
            Tensor kept = keep(scope, sampler, call, next, start);
            finite.step(sampler.schedulerStep(call) + 1, table.steps(), kept);
            double sigma = sampler.sigma(call);
            listener.onStep(
                    new Step(
                            index,
                            callsBefore + call + 1,
                            callsBefore + sampler.modelCalls() + callsAfter,
                            sampler.sigma(call + 1),
                            () -> preview(latents, velocity, sigma)));
            return kept;
        }
    }

    /** Outside an inpainting mask, puts the picture back at the noise level reached. */
    private Tensor keep(
            Scope scope, Sampler<Tensor> sampler, int call, Tensor painted, StartLatents start) {
        LatentMask mask = start.mask();
        Tensor clean = start.clean();
        Tensor noise = start.noise();
        if (mask == null || clean == null || noise == null) {
            return painted;
        }
        try (Scope local = Scope.open("blend")) {
            boolean last = call + 1 == sampler.modelCalls();
            Tensor known =
                    last ? clean : LatentOps.addNoise(local, clean, noise, sampler.sigma(call + 1));
            double share = last ? 1 : (double) sampler.schedulerStep(call + 1) / table.steps();
            Tensor blended = mask.keep(scope, known, painted, share);
            scope.release(painted);
            return blended;
        }
    }

    private Picture preview(Tensor latents, Tensor velocity, double sigma) {
        try (Scope local = Scope.open("preview")) {
            Tensor clean = LatentOps.denoised(local, latents, velocity, sigma);
            return preview.get().draw(clean);
        }
    }

    /** Returns the picture of normalised latents; the trace calls it {@code name}. */
    Picture decode(Tensor latents, String name) {
        Vae vae = model.vae();
        try (Scope local = Scope.open("decode")) {
            Tensor encoded = vae.denormalise(local, latents);
            Tensor decoded = vae.decode(local, encoded, request.vaeTiling(), cancellation::check);
            finite.decoded(decoded);
            Tensor picture = Vae.toPicture(local, decoded);
            trace(name, picture);
            byte[] samples = Vae.toBytes(local, picture).toBytes();
            return Picture.of(request.width(), request.height(), PixelMode.RGB, samples);
        }
    }
}
