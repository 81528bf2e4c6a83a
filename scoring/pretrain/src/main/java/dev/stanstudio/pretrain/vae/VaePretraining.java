package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.pretrain.PictureSource;
import dev.stanstudio.pretrain.Pretraining;
import dev.stanstudio.sd3.checkpoint.JoinedWeights;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains an autoencoder from nothing: reconstruction and a small KL term on random crops. Each step
 * follows from the seed and its number, so that a resumed training is the unbroken one. Belongs to
 * one thread.
 */
public final class VaePretraining extends Pretraining {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0, 20);
    private static final String DECODER = "decoder.";
    private static final long NOISE_FACTOR = 1_000_003L;
    private static final String[] PARTS = {"absolute", "square", "kl", "chroma"};

    private static final class Holder {
        static final Program PROGRAM = Program.load(VaePretraining.class, "vae-loss.ts.py");
    }

    private final VaeConfig config;
    private final VaeSettings settings;
    private final Placement placement;
    private final Crops crops;
    private final List<Picture> heldOut;
    private final TensorMap kept;
    private final @Nullable VaeStart start;

    /**
     * Begins a training of an autoencoder of shape {@code config} on {@code source}.
     *
     * @param heldOut pictures for validation that {@code source} does not give, in pairs of one
     *     size; may be empty
     * @param start what is trained further; null to begin with random weights
     */
    public VaePretraining(
            VaeConfig config,
            VaeSettings settings,
            Device device,
            PictureSource source,
            List<Picture> heldOut,
            @Nullable VaeStart start) {
        this(
                config,
                settings,
                device,
                source,
                heldOut,
                start,
                Begin.of(config, settings, device, start));
    }

    private VaePretraining(
            VaeConfig config,
            VaeSettings settings,
            Device device,
            PictureSource source,
            List<Picture> heldOut,
            @Nullable VaeStart start,
            Begin begin) {
        super(
                new Plan(
                        settings.identity(),
                        settings.steps(),
                        ADAM,
                        settings.emaDecay(),
                        settings.shards()),
                begin.trained(),
                begin.scope(),
                Map.of());
        this.start = start;
        this.kept = begin.kept();
        this.config = config;
        this.settings = settings;
        this.heldOut = List.copyOf(heldOut);
        this.placement = new Placement(device, settings.dtype());
        this.crops =
                new Crops(
                        source,
                        settings.pictures(),
                        settings.batch(),
                        settings.crop(),
                        settings.seed());
    }

    /**
     * Weights before training.
     *
     * @param kept those that are not trained
     * @param scope owns them
     */
    private record Begin(ParameterSet trained, TensorMap kept, Scope scope) {
        static Begin of(
                VaeConfig config, VaeSettings settings, Device device, @Nullable VaeStart start) {
            Scope scope = Scope.open("autoencoder");
            try (Scope local = Scope.open("initial weights")) {
                Map<String, Tensor> trained =
                        new LinkedHashMap<>(
                                start == null
                                        ? drawn(local, VaeKeys.shapes(config), settings.seed())
                                        : start.weights(local, config));
                Map<String, Tensor> kept = new LinkedHashMap<>();
                if (start != null && start.decoderOnly()) {
                    trained.forEach(
                            (name, weight) -> {
                                if (!name.startsWith(DECODER)) {
                                    kept.put(name, Tensors.recordable(scope, weight));
                                }
                            });
                    trained.keySet().removeAll(kept.keySet());
                }
                TensorMap encoder = new TensorMap("the encoder", kept);
                return new Begin(ParameterSet.of(device, trained), encoder, scope);
            } catch (RuntimeException | Error e) {
                scope.close();
                throw e;
            }
        }
    }

    private Weights all(Weights trained) {
        return new JoinedWeights(trained, kept);
    }

    private static Map<String, Tensor> drawn(Scope scope, Map<String, long[]> shapes, long seed) {
        return InitialWeights.draw(
                scope,
                shapes,
                seed,
                InitialWeights.SHRINKING,
                name -> name.contains("norm"),
                name -> false);
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    @Override
    public Map<String, Double> step() {
        long step = optimizer().steps();
        double rate = settings.rate().at(step);
        float[][] parts = new float[shards().count()][];
        try (Scope scope = Scope.open("step")) {
            Tensor bytes = crops.batch(scope, step);
            List<Tensor> gradients =
                    shards().gradients(
                                    scope,
                                    parameters(),
                                    (local, shard) -> {
                                        Tensor losses =
                                                losses(local, rows(local, bytes, shard), step);
                                        parts[shard] = losses.toFloats();
                                        return total(local, losses);
                                    });
            double norm = optimizer().update(gradients, rate);
            averages().update(optimizer().steps());
            return report(parts, norm, rate);
        }
    }

    private static Map<String, Double> report(float[][] parts, double norm, double rate) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < PARTS.length; i++) {
            double sum = 0;
            for (float[] shard : parts) {
                sum += shard[i];
            }
            numbers.put(PARTS[i], sum / parts.length);
        }
        numbers.put("gradient_norm", norm);
        numbers.put("learning_rate", rate);
        return numbers;
    }

    private record Slice(Tensor bytes, long from, long of) {}

    private Slice rows(Scope scope, Tensor batch, int shard) {
        long rows = batch.size(0);
        long from = shards().start(shard, rows);
        Tensor part = Tensors.narrow(scope, batch, 0, from, shards().start(shard + 1, rows));
        return new Slice(part, from, rows);
    }

    private Tensor total(Scope scope, Tensor losses) {
        return Holder.PROGRAM.call(
                scope,
                "total",
                losses,
                settings.squareWeight(),
                settings.chromaWeight(),
                settings.klWeight());
    }

    private Tensor losses(Scope scope, Slice slice, long step) {
        try (Vae vae = Vae.load(config, all(parameters()), placement)) {
            Tensor wanted = pictures(scope, slice.bytes());
            Tensor moments = vae.encode(scope, wanted, false, () -> {});
            Tensor latents =
                    Holder.PROGRAM.call(scope, "draw", moments, noise(scope, slice, moments, step));
            Tensor made = vae.decode(scope, latents, false, () -> {});
            return Holder.PROGRAM.call(scope, "parts", wanted, made, moments);
        }
    }

    /** Returns the shard's rows of the noise for the whole batch. */
    private Tensor noise(Scope scope, Slice slice, Tensor moments, long step) {
        RandomSource random =
                RandomSource.seeded(scope, settings.seed() + NOISE_FACTOR * (step + 1));
        long[] shape = moments.shape();
        long rows = shape[0];
        shape[0] = slice.of();
        shape[1] /= 2;
        Tensor all = random.normal(scope, shape, settings.dtype());
        Tensor own = Tensors.narrow(scope, all, 0, slice.from(), slice.from() + rows);
        return Tensors.to(scope, own, placement.device(), settings.dtype());
    }

    private Tensor pictures(Scope scope, Tensor bytes) {
        return Holder.PROGRAM.call(
                scope, "pictures", bytes, placement.device(), placement.dtype().scalarType());
    }

    /**
     * Returns the averaged weights as an autoencoder; valid until closed, while this training
     * lives.
     */
    Vae averaged() {
        return Vae.load(config, all(averages().weights()), placement);
    }

    /**
     * Writes the averaged autoencoder as {@code folder/vae}, with the shift and scale that give the
     * latents of {@code sample} mean 0 and standard deviation 1; a kept encoder keeps its own.
     */
    public void export(Path folder, List<Picture> sample) {
        new NanoFolder(folder).vae(normalised(sample), all(averages().weights()));
    }

    private VaeConfig normalised(List<Picture> sample) {
        if (start != null && start.decoderOnly()) {
            return start.config();
        }
        try (Vae vae = averaged()) {
            Map<String, Double> measured = new Reconstruction(vae).measure(sample);
            double shift = measured.getOrDefault("latent_mean", 0.0);
            return config.normalisedBy(1 / measured.getOrDefault("latent_std", 1.0), shift);
        }
    }

    /**
     * Returns the mean PSNR in dB of each group of {@code pictures}, through the averaged weights.
     */
    public Map<String, Double> quality(Map<String, List<Picture>> pictures) {
        Map<String, Double> quality = new LinkedHashMap<>();
        try (Vae vae = averaged()) {
            Reconstruction reconstruction = new Reconstruction(vae);
            pictures.forEach(
                    (name, group) ->
                            quality.put(
                                    name, reconstruction.measure(group).getOrDefault("psnr", 0.0)));
        }
        return quality;
    }

    @Override
    public Map<String, Double> validate() {
        try (Vae vae = averaged()) {
            return new Reconstruction(vae).measure(heldOut);
        }
    }

    @Override
    public void drawSamples(Path file) {
        if (!heldOut.isEmpty()) {
            try (Vae vae = averaged()) {
                new Reconstruction(vae).sheet(heldOut).writePng(file);
            }
        }
    }
}
