package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.Pretraining;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Trains a network on latents and encoded captions: rectified flow with logit-normal noise levels
 * and caption dropout (Esser et al. 2024, §3.1). Each step follows from the seed and its number, so
 * that a resumed training is the unbroken one. Belongs to one thread.
 */
abstract class FlowPretraining extends Pretraining {
    /** The timestep of σ = 1. */
    static final double TIMESTEPS = 1000;

    /** The name of the table of positions, which is not trained. */
    static final String POSITIONS = "pos_embed.pos_embed";

    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0.01, 1.0);

    private final MmditSettings settings;
    private final Placement placement;
    private final BaseData data;

    /** Begins a training of {@code parameters}; the caller closes {@code data}. */
    FlowPretraining(MmditSettings settings, Device device, BaseData data, ParameterSet parameters) {
        super(
                new Plan(
                        settings.identity(),
                        settings.steps(),
                        ADAM,
                        settings.emaDecay(),
                        settings.shards()),
                parameters);
        this.settings = settings;
        this.placement = new Placement(device, settings.dtype());
        this.data = data;
    }

    /** Returns the loss of a part of a batch, by networks that gradients are taken through. */
    abstract Tensor loss(Scope own, FlowBatch rows);

    /** Returns where networks compute. */
    final Placement placement() {
        return placement;
    }

    /** Returns what is learned. */
    final BaseData data() {
        return data;
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
                                        Tensor loss = loss(own, part(own, batch, shard));
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

    private FlowBatch part(Scope own, FlowBatch batch, int shard) {
        long from = shards().start(shard, settings.batch());
        long to = shards().start(shard + 1, settings.batch());
        return batch.rows(own, from, to);
    }

    /** Returns the mean loss over the held-out items. */
    final Map<String, Double> heldOut(BiFunction<Scope, FlowBatch, Tensor> loss) {
        double sum = 0;
        int parts = BaseData.HELD_OUT / settings.batch();
        for (int part = 0; part < parts; part++) {
            try (Scope local = Scope.open("validation")) {
                FlowBatch batch = FlowBatch.heldOut(local, data, part, settings.batch());
                sum += loss.apply(local, batch).toFloats()[0];
            }
        }
        return Map.of("loss", sum / parts);
    }

    final Tensor on(Scope own, Tensor tensor) {
        return Tensors.to(own, tensor, placement.device(), DType.FP32);
    }

    final Tensor cast(Scope own, Tensor tensor) {
        return Tensors.to(own, tensor, placement.device(), placement.dtype());
    }
}
