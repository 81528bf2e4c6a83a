package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.sd3.checkpoint.JoinedWeights;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.mmdit.PositionTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.RectifiedFlow;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trains a transformer from nothing, as {@link FlowPretraining} does. Belongs to one thread. */
public final class MmditPretraining extends FlowPretraining {
    private final MmditConfig config;
    private final Vae vae;
    private final Weights positions;

    /**
     * Begins a training.
     *
     * @param vae decodes the samples; the caller closes it and {@code data}
     * @param start the weights to begin with, or null to draw them
     */
    MmditPretraining(
            MmditConfig config,
            MmditSettings settings,
            Device device,
            BaseData data,
            Vae vae,
            @Nullable Weights start) {
        super(settings, device, data, initial(config, settings, device, start));
        this.config = config;
        this.vae = vae;
        this.positions =
                new TensorMap(
                        "the position table",
                        Map.of(POSITIONS, PositionTable.of(own(Scope.open("positions")), config)));
    }

    private static ParameterSet initial(
            MmditConfig config, MmditSettings settings, Device device, @Nullable Weights start) {
        try (Scope local = Scope.open("initial weights")) {
            Map<String, long[]> shapes = new LinkedHashMap<>(MmditKeys.shapes(config));
            shapes.remove(POSITIONS);
            return ParameterSet.of(
                    device,
                    start == null
                            ? drawn(local, shapes, settings.seed())
                            : InitialWeights.of(
                                    local, "transformer", start, shapes, Set.of(POSITIONS)));
        }
    }

    /** Draws weights; modulations and the last projection are 0, so each block is the identity. */
    private static Map<String, Tensor> drawn(Scope local, Map<String, long[]> shapes, long seed) {
        return InitialWeights.draw(
                local,
                shapes,
                seed,
                InitialWeights.KEEPING,
                name -> name.contains(".norm_"),
                MmditPretraining::startsAtZero);
    }

    private static boolean startsAtZero(String name) {
        return name.contains("norm1.linear")
                || name.contains("norm1_context.linear")
                || name.startsWith("norm_out.linear")
                || name.startsWith("proj_out");
    }

    @Override
    Tensor loss(Scope own, FlowBatch rows) {
        Weights weights = new JoinedWeights(parameters(), positions);
        try (Mmdit network = Mmdit.trainable(config, weights, placement())) {
            return loss(own, network, rows);
        }
    }

    private Tensor loss(Scope own, Mmdit network, FlowBatch batch) {
        Tensor latents = on(own, batch.latents());
        Tensor noise = on(own, batch.noise());
        Tensor noisy =
                RectifiedFlow.noisy(own, latents, noise, batch.sigmas(1), placement().dtype());
        Mmdit.Conditioning text =
                network.condition(
                        own,
                        cast(own, batch.tokens()),
                        cast(own, batch.pooled()),
                        data().captions().lastRepeats());
        double[] times = batch.sigmas(TIMESTEPS);
        Tensor velocity = network.forward(own, noisy, times, text, Perturbation.NONE, block -> {});
        return RectifiedFlow.loss(own, velocity, latents, noise);
    }

    private Mmdit averaged() {
        return Mmdit.load(config, averagedWeights(), placement(), false);
    }

    /**
     * Returns the averaged weights of the whole transformer; valid until this training is closed.
     */
    Weights averagedWeights() {
        return new JoinedWeights(averages().weights(), positions);
    }

    @Override
    public Map<String, Double> validate() {
        try (Mmdit network = averaged()) {
            return heldOut((own, batch) -> loss(own, network, batch));
        }
    }

    @Override
    public void drawSamples(Path file) {
        try (Mmdit network = averaged()) {
            new FlowSamples(placement(), vae, data()).draw(network).writePng(file);
        }
    }
}
