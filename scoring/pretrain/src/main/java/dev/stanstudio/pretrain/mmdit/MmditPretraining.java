package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.pretrain.Pretraining;
import dev.stanstudio.sd3.checkpoint.JoinedWeights;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.mmdit.PositionTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.RectifiedFlow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trains a transformer from nothing on latents and encoded captions: rectified flow with
 * logit-normal noise levels and caption dropout (Esser et al. 2024, §3.1). Each step follows from
 * the seed and its number, so that a resumed training is the unbroken one. Belongs to one thread.
 */
public final class MmditPretraining extends Pretraining {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0.01, 1.0);
    private static final String POSITIONS = "pos_embed.pos_embed";
    private static final double TIMESTEPS = 1000;
    private final MmditConfig config;
    private final MmditSettings settings;
    private final Placement placement;
    private final BaseData data;
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
        super(
                new Plan(
                        settings.identity(),
                        settings.steps(),
                        ADAM,
                        settings.emaDecay(),
                        settings.shards()),
                initial(config, settings, device, start));
        this.config = config;
        this.settings = settings;
        this.placement = new Placement(device, settings.dtype());
        this.data = data;
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
    public Map<String, Double> step() {
        long step = optimizer().steps();
        double rate = settings.rate().at(step);
        double[] losses = new double[shards().count()];
        try (Scope local = Scope.open("step")) {
            FlowBatch batch =
                    FlowBatch.draw(
                            local,
                            data,
                            settings.batch(),
                            settings.dropout(),
                            settings.seed(),
                            step);
            List<Tensor> gradients =
                    shards().gradients(
                                    local,
                                    parameters(),
                                    (own, shard) -> {
                                        Tensor loss = loss(own, batch, shard);
                                        losses[shard] = loss.toFloats()[0];
                                        return loss;
                                    });
            double norm = optimizer().update(gradients, rate);
            averages().update(optimizer().steps());
            Map<String, Double> numbers = new LinkedHashMap<>();
            numbers.put("loss", Arrays.stream(losses).average().orElse(0));
            numbers.put("gradient_norm", norm);
            numbers.put("learning_rate", rate);
            return numbers;
        }
    }

    private Tensor loss(Scope own, FlowBatch batch, int shard) {
        long from = shards().start(shard, settings.batch());
        long to = shards().start(shard + 1, settings.batch());
        Weights weights = new JoinedWeights(parameters(), positions);
        try (Mmdit network = Mmdit.trainable(config, weights, placement)) {
            return loss(own, network, batch.rows(own, from, to));
        }
    }

    private Tensor loss(Scope own, Mmdit network, FlowBatch batch) {
        Tensor latents = on(own, batch.latents());
        Tensor noise = on(own, batch.noise());
        Tensor noisy = RectifiedFlow.noisy(own, latents, noise, batch.sigmas(1), placement.dtype());
        Mmdit.Conditioning text =
                network.condition(
                        own,
                        cast(own, batch.tokens()),
                        cast(own, batch.pooled()),
                        data.captions().lastRepeats());
        double[] times = batch.sigmas(TIMESTEPS);
        Tensor velocity = network.forward(own, noisy, times, text, Perturbation.NONE, block -> {});
        return RectifiedFlow.loss(own, velocity, latents, noise);
    }

    private Tensor on(Scope own, Tensor tensor) {
        return Tensors.to(own, tensor, placement.device(), DType.FP32);
    }

    private Tensor cast(Scope own, Tensor tensor) {
        return Tensors.to(own, tensor, placement.device(), placement.dtype());
    }

    private Mmdit averaged() {
        return Mmdit.load(config, averagedWeights(), placement, false);
    }

    /**
     * Returns the averaged weights of the whole transformer; valid until this training is closed.
     */
    Weights averagedWeights() {
        return new JoinedWeights(averages().weights(), positions);
    }

    @Override
    public Map<String, Double> validate() {
        double sum = 0;
        int parts = BaseData.HELD_OUT / settings.batch();
        try (Mmdit network = averaged()) {
            for (int part = 0; part < parts; part++) {
                try (Scope local = Scope.open("validation")) {
                    FlowBatch batch = FlowBatch.heldOut(local, data, part, settings.batch());
                    sum += loss(local, network, batch).toFloats()[0];
                }
            }
        }
        return Map.of("loss", sum / parts);
    }

    @Override
    public void drawSamples(Path file) {
        try (Mmdit network = averaged()) {
            new FlowSamples(network, vae, data).draw().writePng(file);
        }
    }
}
