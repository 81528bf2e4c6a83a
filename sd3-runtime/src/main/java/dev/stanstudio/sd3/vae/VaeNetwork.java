package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * One half of the autoencoder as a sequence of stages, each one call of {@code vae.ts.py}. The
 * sequence is data: encoder and decoder differ only in it.
 */
final class VaeNetwork implements AutoCloseable {
    private record Stage(String method, TensorList weights) {}

    private static final class Holder {
        static final Program PROGRAM = Program.load(VaeNetwork.class, "vae.ts.py");
    }

    private final Scope scope = Scope.open("vae");
    private final List<Stage> stages = new ArrayList<>();
    private final VaeConfig config;
    private final Weights weights;
    private final Placement placement;

    private VaeNetwork(VaeConfig config, Weights weights, Placement placement) {
        this.config = config;
        this.weights = weights;
        this.placement = placement;
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    static VaeNetwork encoder(VaeConfig config, Weights weights, Placement placement) {
        VaeNetwork net = new VaeNetwork(config, weights, placement);
        int last = config.blockOutChannels().size() - 1;
        net.add("convolve", "encoder.conv_in");
        for (int b = 0; b <= last; b++) {
            String block = "encoder.down_blocks." + b;
            net.resnets(block, config.layersPerBlock());
            if (b < last) {
                net.add("downsample", block + ".downsamplers.0.conv");
            }
        }
        net.middle("encoder.mid_block");
        net.add("head", "encoder.conv_norm_out", "encoder.conv_out");
        if (config.quantConv()) {
            net.add("convolve", "quant_conv");
        }
        return net;
    }

    static VaeNetwork decoder(VaeConfig config, Weights weights, Placement placement) {
        VaeNetwork net = new VaeNetwork(config, weights, placement);
        int last = config.blockOutChannels().size() - 1;
        if (config.postQuantConv()) {
            net.add("convolve", "post_quant_conv");
        }
        net.add("convolve", "decoder.conv_in");
        net.middle("decoder.mid_block");
        for (int b = 0; b <= last; b++) {
            String block = "decoder.up_blocks." + b;
            net.resnets(block, config.layersPerBlock() + 1);
            if (b < last) {
                net.add("upsample", block + ".upsamplers.0.conv");
            }
        }
        net.add("head", "decoder.conv_norm_out", "decoder.conv_out");
        return net;
    }

    private void middle(String name) {
        resnet(name + ".resnets.0");
        if (config.midBlockAddAttention()) {
            String attention = name + ".attentions.0.";
            add(
                    "attention",
                    attention + "group_norm",
                    attention + "to_q",
                    attention + "to_k",
                    attention + "to_v",
                    attention + "to_out.0");
        }
        resnet(name + ".resnets.1");
    }

    private void resnets(String block, int count) {
        for (int r = 0; r < count; r++) {
            resnet(block + ".resnets." + r);
        }
    }

    private void resnet(String name) {
        List<String> parts =
                new ArrayList<>(
                        List.of(
                                name + ".norm1",
                                name + ".conv1",
                                name + ".norm2",
                                name + ".conv2"));
        if (weights.names().contains(name + ".conv_shortcut.weight")) {
            parts.add(name + ".conv_shortcut");
        }
        add("resnet", parts.toArray(String[]::new));
    }

    private void add(String method, String... parts) {
        List<Tensor> tensors = new ArrayList<>();
        for (String part : parts) {
            tensors.add(placement.load(scope, weights, part + ".weight"));
            tensors.add(placement.load(scope, weights, part + ".bias"));
        }
        stages.add(new Stage(method, Tensors.list(scope, tensors)));
    }

    /** Runs all stages; {@code beforeStage} may throw to end the pass. */
    Tensor run(Scope owner, Tensor input, Runnable beforeStage) {
        try (Scope pass = Scope.open("vae pass")) {
            Tensor x = input;
            for (Stage stage : stages) {
                beforeStage.run();
                Tensor y =
                        program()
                                .call(
                                        pass,
                                        stage.method(),
                                        x,
                                        stage.weights(),
                                        config.normNumGroups());
                pass.release(x);
                x = y;
            }
            return owner.adopt(x, pass);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
