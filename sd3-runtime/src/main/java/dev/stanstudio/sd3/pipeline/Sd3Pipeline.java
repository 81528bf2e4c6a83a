package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.ImagePrompt;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.model.TinySource;
import dev.stanstudio.sd3.schedule.SigmaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Text to image, image to image and inpainting with Stable Diffusion 3 (diffusers
 * pipeline_stable_diffusion_3.py and its img2img and inpaint siblings). Thread-safe: concurrent
 * requests share the weights and give the same pictures as one after another.
 */
public final class Sd3Pipeline implements AutoCloseable {
    private final Sd3Model model;
    private final ControlNets controlNets;
    private final IpAdapters ipAdapters;
    private final Upscalers upscalers;
    private @Nullable Preview preview;
    private @Nullable AdapterLoader adapters;

    /** Creates a pipeline over {@code model}, which it then owns. */
    public Sd3Pipeline(Sd3Model model) {
        this.model = model;
        controlNets = new ControlNets(model);
        ipAdapters = new IpAdapters(model);
        upscalers = new Upscalers(model.options().device());
    }

    /** Creates a pipeline over {@code model} with a loader of its own; it then owns both. */
    public Sd3Pipeline(Sd3Model model, AdapterLoader adapters) {
        this(model);
        this.adapters = adapters;
    }

    /**
     * Draws previews by a tiny autoencoder: the given one, else one that lies with the model's
     * files, else none.
     *
     * @param decoder folder or file of TAESD3, or null
     * @return this
     * @throws dev.stanstudio.base.UserException if the decoder cannot be read or is for other
     *     latents
     */
    public synchronized Sd3Pipeline previewedBy(@Nullable Path decoder) {
        Path path = decoder != null ? decoder : TinySource.find(model.source()).orElse(null);
        if (path != null) {
            preview = TinyPreview.open(path, model);
        }
        return this;
    }

    /** Returns the model. */
    public Sd3Model model() {
        return model;
    }

    /**
     * Makes the pictures of a request, in the order of its seeds.
     *
     * @throws dev.stanstudio.base.UserException if the request does not fit the model
     * @throws java.util.concurrent.CancellationException if the listener cancelled
     */
    public List<GeneratedPicture> generate(GenerationRequest request, GenerationListener listener) {
        List<GeneratedPicture> pictures = new ArrayList<>();
        generate(request, listener, pictures::add);
        return pictures;
    }

    /**
     * As {@link #generate(GenerationRequest, GenerationListener)}, passing each picture to {@code
     * sink} when it is done. Its request states the hashes of its adapters.
     */
    public void generate(
            GenerationRequest request,
            GenerationListener listener,
            Consumer<GeneratedPicture> sink) {
        SigmaTable table = new RequestCheck(model).check(request);
        if (request.adapters().isEmpty()) {
            controlled(request, table, null, listener, sink);
            return;
        }
        try (AdapterLoader.Loaded loaded =
                adapters()
                        .load(model, request.adapters(), request.features(), listener::onWarning)) {
            controlled(request.withAdapters(loaded.uses()), table, loaded, listener, sink);
        }
    }

    /**
     * Returns control networks with the identities of their files.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read or does not fit the model
     */
    public List<ControlInput> identified(List<ControlInput> controls) {
        try (ControlNets.Lease networks = controlNets.lease(controls)) {
            return Controls.identified(controls, networks);
        }
    }

    /**
     * Returns an IP-Adapter with the identities of its files; null stays null.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read or does not fit the model
     */
    public @Nullable IpAdapterInput identified(@Nullable IpAdapterInput adapter) {
        try (IpAdapters.Lease lease = ipAdapters.lease(adapter)) {
            return lease.identified();
        }
    }

    /**
     * Returns a second pass with the identity of its upscaler; null stays null.
     *
     * @throws dev.stanstudio.base.UserException if one cannot be read
     */
    public @Nullable HiresPass identified(@Nullable HiresPass pass) {
        return pass == null || pass.upscaler() == null
                ? pass
                : pass.by(Upscalers.identified(pass.upscaler()));
    }

    /**
     * Returns an upscaler with the identity of its file; null stays null.
     *
     * @throws dev.stanstudio.base.UserException if it cannot be read
     */
    public @Nullable UpscalerInput identified(@Nullable UpscalerInput upscaler) {
        return upscaler == null ? null : Upscalers.identified(upscaler);
    }

    private void controlled(
            GenerationRequest request,
            SigmaTable table,
            AdapterLoader.@Nullable Loaded adapters,
            GenerationListener listener,
            Consumer<GeneratedPicture> sink) {
        try (ControlNets.Lease controls = controlNets.lease(request.controls());
                IpAdapters.Lease shown = ipAdapters.lease(request.ipAdapter());
                Upscalers.Lease enlarging = upscalers.lease(request)) {
            enlarging.check(request.width(), request.height());
            GenerationRequest identified =
                    enlarging
                            .identified(request)
                            .withControls(Controls.identified(request.controls(), controls))
                            .withIpAdapter(shown.identified());
            generate(identified, table, adapters, controls, shown, enlarging, listener, sink);
        }
    }

    private void generate(
            GenerationRequest request,
            SigmaTable table,
            AdapterLoader.@Nullable Loaded adapters,
            ControlNets.Lease controls,
            IpAdapters.Lease shown,
            Upscalers.Lease enlarging,
            GenerationListener listener,
            Consumer<GeneratedPicture> sink) {
        Pictures.@Nullable Prepared input =
                request.image() == null
                        ? null
                        : Pictures.prepare(request.image(), request.width(), request.height());
        try (Scope scope = Scope.open("request")) {
            CancellationCheck cancellation = new CancellationCheck(listener);
            Controls pictures = Controls.prepare(scope, model, request, controls, cancellation);
            boolean guided = request.sampling().guided();
            ImagePrompt images = shown.prompt(scope, guided, cancellation);
            ReadPrompts prompts = ReadPrompts.read(scope, model, request, adapters, listener);
            GuidedTransformer guide = prompts.guide(scope, request, adapters, pictures, images);
            HiresPass hires = request.hires();
            HiresRun second = null;
            if (hires != null) {
                GenerationRequest large = hires.second(request);
                Controls again = Controls.prepare(scope, model, large, controls, cancellation);
                second =
                        new HiresRun(
                                hires,
                                large,
                                prompts.guide(scope, large, adapters, again, images),
                                new RequestCheck(model).table(large),
                                enlarging);
            }
            traceSigmas(table, listener);
            for (int i = 0; i < request.seeds().size(); i++) {
                PictureRun run =
                        new PictureRun(
                                        model,
                                        request,
                                        i,
                                        guide,
                                        table,
                                        input,
                                        listener,
                                        this::preview)
                                .then(second, enlarging);
                sink.accept(new GeneratedPicture(run.run(), request.single(i)));
            }
        }
    }

    private static void traceSigmas(SigmaTable table, GenerationListener listener) {
        if (listener.wantsTensors()) {
            try (Scope local = Scope.open("trace")) {
                float[] sigmas = table.sigmas();
                Tensor tensor = Tensors.of(local, sigmas, sigmas.length);
                listener.onTensor(0, "sigmas", tensor);
            }
        }
    }

    private synchronized Preview preview() {
        if (preview == null) {
            preview = PreviewFit.of(model.vae(), () -> {});
        }
        return preview;
    }

    private synchronized AdapterLoader adapters() {
        if (adapters == null) {
            adapters = AdapterLoader.find();
        }
        return adapters;
    }

    @Override
    public synchronized void close() {
        Closing.all(adapters, controlNets, ipAdapters, upscalers, preview, model);
        adapters = null;
        preview = null;
    }
}
