package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.JoinedWeights;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.ControlNetKeys;
import dev.stanstudio.sd3.mmdit.ControlSamples;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.FrozenWeights;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.RectifiedFlow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a control network for a finished transformer, which stays as it is (Zhang et al. 2023, §3;
 * diffusers train_controlnet_sd3.py): its blocks and embedders begin as copies of the
 * transformer's, what reads the control picture and what leaves the network at zero, so that the
 * first prediction is the transformer's own. Belongs to one thread.
 */
final class ControlPretraining extends FlowPretraining {
    private static final String OUTPUTS = "controlnet_blocks.";
    private static final String PICTURE = "pos_embed_input.";
    private static final int COLUMNS = 8;
    private static final int GAP = 2;

    private final ControlNetConfig config;
    private final ControlData control;
    private final Vae vae;
    private final Weights positions;
    private final Mmdit transformer;

    /**
     * Begins a training.
     *
     * @param base the transformer, whose blocks are copied
     * @param vae decodes the samples; the caller closes it and {@code data}
     */
    ControlPretraining(
            Base base,
            ControlNetConfig config,
            MmditSettings settings,
            Device device,
            ControlData data,
            Vae vae) {
        super(settings, device, data.joined(), initial(base, config, device));
        this.config = config;
        this.control = data;
        this.vae = vae;
        Scope table = own(Scope.open("positions"));
        this.positions =
                new TensorMap(
                        "the position table",
                        Map.of(POSITIONS, base.weights().open(table, POSITIONS)));
        this.transformer = own(frozen(base, placement()));
    }

    /** The finished transformer. */
    record Base(MmditConfig config, Weights weights) {}

    private static Mmdit frozen(Base base, Placement placement) {
        try (Autograd recording = Autograd.record()) {
            return Mmdit.trainable(base.config(), new FrozenWeights(base.weights()), placement);
        }
    }

    private static ParameterSet initial(Base base, ControlNetConfig config, Device device) {
        try (Scope local = Scope.open("initial weights")) {
            Map<String, Tensor> weights = new LinkedHashMap<>();
            ControlNetKeys.shapes(config)
                    .forEach(
                            (name, shape) -> {
                                if (!name.equals(POSITIONS)) {
                                    weights.put(name, initial(local, base.weights(), name, shape));
                                }
                            });
            return ParameterSet.of(device, weights);
        }
    }

    private static Tensor initial(Scope local, Weights base, String name, long[] shape) {
        boolean zero = name.startsWith(OUTPUTS) || name.startsWith(PICTURE);
        return zero
                ? Tensors.zeros(local, shape, DType.FP32, Device.CPU)
                : Tensors.to(local, base.open(local, name), Device.CPU, DType.FP32);
    }

    @Override
    Tensor loss(Scope own, FlowBatch rows) {
        Weights weights = new JoinedWeights(parameters(), positions);
        try (ControlNet network = ControlNet.trainable(config, weights, placement())) {
            return loss(own, network, rows);
        }
    }

    private Tensor loss(Scope own, ControlNet network, FlowBatch batch) {
        Tensor latents = control.latents(own, on(own, batch.latents()));
        Tensor edges = control.edges(own, on(own, batch.latents()));
        Tensor noise = control.latents(own, on(own, batch.noise()));
        Tensor noisy =
                RectifiedFlow.noisy(own, latents, noise, batch.sigmas(1), placement().dtype());
        Text text = new Text(cast(own, batch.tokens()), cast(own, batch.pooled()));
        double[] times = batch.sigmas(TIMESTEPS);
        Tensor velocity = velocity(own, network, noisy, times, text, cast(own, edges));
        return RectifiedFlow.loss(own, velocity, latents, noise);
    }

    /** Encoded captions: tokens [B, M, joint width] and pooled [B, pooled width]. */
    private record Text(Tensor tokens, Tensor pooled) {}

    private Tensor velocity(
            Scope own, ControlNet network, Tensor noisy, double[] times, Text text, Tensor edges) {
        int repeats = data().captions().lastRepeats();
        ControlSamples samples =
                new ControlSamples(
                        List.of(
                                network.forward(
                                        own,
                                        transformer,
                                        noisy,
                                        times,
                                        network.condition(
                                                own, text.tokens(), text.pooled(), repeats),
                                        network.embedPicture(own, edges),
                                        1,
                                        block -> {})));
        return transformer.forward(
                own,
                noisy,
                times,
                transformer.condition(own, text.tokens(), text.pooled(), repeats),
                Perturbation.NONE,
                samples,
                block -> {});
    }

    /** Returns the averaged weights of the network; valid until this training is closed. */
    Weights averagedWeights() {
        return new JoinedWeights(averages().weights(), positions);
    }

    private ControlNet averaged() {
        return ControlNet.load(config, averagedWeights(), placement(), false);
    }

    @Override
    public Map<String, Double> validate() {
        try (ControlNet network = averaged()) {
            return heldOut((own, batch) -> loss(own, network, batch));
        }
    }

    /** Draws a sheet: rows of control pictures, each above what is drawn by them. */
    @Override
    public void drawSamples(Path file) {
        try (ControlNet network = averaged();
                Scope scope = Scope.open("control pictures")) {
            Tensor edges = control.edges(scope, on(scope, data().heldOut()));
            FlowSamples.Network controlled =
                    (own, z, times, tokens, pooled) -> {
                        Tensor shown = FlowSamples.twice(own, cast(own, edges));
                        return velocity(own, network, z, times, new Text(tokens, pooled), shown);
                    };
            List<Picture> drawn =
                    new FlowSamples(placement(), vae, control.alone(scope)).pictures(controlled);
            List<Picture> cells = new ArrayList<>();
            for (int from = 0; from < drawn.size(); from += COLUMNS) {
                int to = Math.min(drawn.size(), from + COLUMNS);
                cells.addAll(control.pictures().subList(from, to));
                cells.addAll(drawn.subList(from, to));
            }
            PictureGrid.of(cells, COLUMNS, GAP).writePng(file);
        }
    }
}
