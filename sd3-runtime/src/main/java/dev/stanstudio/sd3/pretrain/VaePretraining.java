package dev.stanstudio.sd3.pretrain;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.Averages;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trains an autoencoder from nothing: reconstruction and a small KL term on random crops. Each step
 * follows from the seed and its number, so that a resumed training is the unbroken one. Belongs to
 * one thread.
 */
public final class VaePretraining implements AutoCloseable {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 1e-4, 1.0);
    private static final long NOISE_FACTOR = 1_000_003L;

    private static final class Holder {
        static final Program PROGRAM = Program.load(VaePretraining.class, "vae-loss.ts.py");
    }

    /**
     * What one step saw.
     *
     * @param step its number, counted from 1
     * @param absolute mean absolute error, pictures in −1 … 1
     * @param square mean squared error
     * @param kl KL divergence per latent element
     * @param gradientNorm global norm before clipping
     * @param learningRate rate of the step
     */
    public record StepReport(
            long step,
            double absolute,
            double square,
            double kl,
            double gradientNorm,
            double learningRate) {}

    private final VaeConfig config;
    private final VaeSettings settings;
    private final Placement placement;
    private final Crops crops;
    private final ParameterSet parameters;
    private final AdamW optimizer;
    private final Averages averages;
    private final TrainingState state;

    /** A fresh training of an autoencoder of shape {@code config} on {@code source}. */
    public VaePretraining(
            VaeConfig config, VaeSettings settings, Device device, PictureSource source) {
        this.config = config;
        this.settings = settings;
        this.placement = new Placement(device, settings.dtype());
        this.crops =
                new Crops(
                        source,
                        settings.pictures(),
                        settings.batch(),
                        settings.crop(),
                        settings.seed());
        try (Scope scope = Scope.open("initial weights")) {
            Map<String, Tensor> initial =
                    InitialWeights.draw(
                            scope,
                            VaeKeys.shapes(config),
                            settings.seed(),
                            name -> name.contains("norm"),
                            name -> false);
            parameters = ParameterSet.of(device, initial);
        }
        optimizer = new AdamW(parameters, ADAM);
        averages = new Averages(parameters, settings.emaDecay());
        state = new TrainingState(parameters, optimizer, averages);
    }

    /** Continues from {@code checkpoint} if it exists. */
    public void resume(Path checkpoint) {
        if (Files.exists(checkpoint)) {
            state.load(checkpoint, settings.identity());
        }
    }

    /** Writes everything needed to go on, whole or not at all. */
    public void save(Path checkpoint) {
        state.save(checkpoint, settings.identity(), Map.of());
    }

    /** Steps made so far. */
    public long steps() {
        return optimizer.steps();
    }

    /** Whether the last step is made. */
    public boolean isDone() {
        return steps() >= settings.steps();
    }

    /**
     * Makes one step.
     *
     * @throws dev.stanstudio.training.DivergedException if the numbers left the finite ones
     */
    public StepReport step() {
        long step = optimizer.steps();
        double rate = settings.rate().at(step);
        try (Scope scope = Scope.open("step")) {
            Tensor bytes = crops.batch(scope, step);
            float[] parts;
            List<Tensor> gradients;
            try (Autograd recording = Autograd.record();
                    Vae vae = Vae.load(config, parameters, placement)) {
                Tensor losses = losses(scope, vae, bytes, step);
                Tensor total = Holder.PROGRAM.call(scope, "total", losses, settings.klWeight());
                gradients = Tensors.gradients(scope, total, parameters.list());
                parts = losses.toFloats();
            }
            double norm = optimizer.update(gradients, rate);
            averages.update(optimizer.steps());
            return new StepReport(optimizer.steps(), parts[0], parts[1], parts[2], norm, rate);
        }
    }

    private Tensor losses(Scope scope, Vae vae, Tensor bytes, long step) {
        Tensor wanted = pictures(scope, bytes);
        Tensor moments = vae.encode(scope, wanted, false, () -> {});
        RandomSource random =
                RandomSource.seeded(scope, settings.seed() + NOISE_FACTOR * (step + 1));
        long[] shape = moments.shape();
        shape[1] /= 2;
        Tensor noise =
                Tensors.to(
                        scope,
                        random.normal(scope, shape, settings.dtype()),
                        placement.device(),
                        settings.dtype());
        Tensor latents = Holder.PROGRAM.call(scope, "draw", moments, noise);
        Tensor made = vae.decode(scope, latents, false, () -> {});
        return Holder.PROGRAM.call(scope, "parts", wanted, made, moments);
    }

    private Tensor pictures(Scope scope, Tensor bytes) {
        return Holder.PROGRAM.call(
                scope, "pictures", bytes, placement.device(), placement.dtype().scalarType());
    }

    /** The parameters, for what is written at the end. */
    ParameterSet parameters() {
        return parameters;
    }

    /** The averaged weights, in the parameters' order. */
    List<Tensor> averages() {
        return averages.tensors();
    }

    @Override
    public void close() {
        averages.close();
        optimizer.close();
        parameters.close();
    }
}
