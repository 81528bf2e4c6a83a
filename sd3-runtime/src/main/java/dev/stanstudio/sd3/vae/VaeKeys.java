package dev.stanstudio.sd3.vae;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every tensor of an AutoencoderKL with its shape, under diffusers' names (vae.py). */
public final class VaeKeys {
    private final VaeConfig config;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private VaeKeys(VaeConfig config) {
        this.config = config;
    }

    /** Shape by name for an autoencoder of this configuration. */
    public static Map<String, long[]> shapes(VaeConfig config) {
        VaeKeys keys = new VaeKeys(config);
        keys.encoder();
        keys.decoder();
        long moments = 2L * config.latentChannels();
        if (config.quantConv()) {
            keys.conv("quant_conv", moments, moments, 1);
        }
        if (config.postQuantConv()) {
            keys.conv("post_quant_conv", config.latentChannels(), config.latentChannels(), 1);
        }
        return keys.shapes;
    }

    private void encoder() {
        List<Integer> widths = config.blockOutChannels();
        int deepest = widths.get(widths.size() - 1);
        conv("encoder.conv_in", widths.get(0), config.inChannels(), 3);
        int in = widths.get(0);
        for (int b = 0; b < widths.size(); b++) {
            String block = "encoder.down_blocks." + b;
            resnets(block, in, widths.get(b), config.layersPerBlock());
            if (b < widths.size() - 1) {
                conv(block + ".downsamplers.0.conv", widths.get(b), widths.get(b), 3);
            }
            in = widths.get(b);
        }
        middle("encoder.mid_block", deepest);
        norm("encoder.conv_norm_out", deepest);
        conv("encoder.conv_out", 2L * config.latentChannels(), deepest, 3);
    }

    private void decoder() {
        List<Integer> widths = config.blockOutChannels();
        int deepest = widths.get(widths.size() - 1);
        conv("decoder.conv_in", deepest, config.latentChannels(), 3);
        middle("decoder.mid_block", deepest);
        int in = deepest;
        for (int b = 0; b < widths.size(); b++) {
            String block = "decoder.up_blocks." + b;
            int out = widths.get(widths.size() - 1 - b);
            resnets(block, in, out, config.layersPerBlock() + 1);
            if (b < widths.size() - 1) {
                conv(block + ".upsamplers.0.conv", out, out, 3);
            }
            in = out;
        }
        norm("decoder.conv_norm_out", widths.get(0));
        conv("decoder.conv_out", config.outChannels(), widths.get(0), 3);
    }

    private void middle(String name, int width) {
        resnets(name, width, width, 2);
        if (config.midBlockAddAttention()) {
            String attention = name + ".attentions.0";
            norm(attention + ".group_norm", width);
            for (String projection : new String[] {"to_q", "to_k", "to_v", "to_out.0"}) {
                shapes.put(attention + "." + projection + ".weight", new long[] {width, width});
                shapes.put(attention + "." + projection + ".bias", new long[] {width});
            }
        }
    }

    private void resnets(String block, int in, int out, int count) {
        for (int r = 0; r < count; r++) {
            String name = block + ".resnets." + r;
            int from = r == 0 ? in : out;
            norm(name + ".norm1", from);
            conv(name + ".conv1", out, from, 3);
            norm(name + ".norm2", out);
            conv(name + ".conv2", out, out, 3);
            if (from != out) {
                conv(name + ".conv_shortcut", out, from, 1);
            }
        }
    }

    private void norm(String name, long width) {
        shapes.put(name + ".weight", new long[] {width});
        shapes.put(name + ".bias", new long[] {width});
    }

    private void conv(String name, long out, long in, int side) {
        shapes.put(name + ".weight", new long[] {out, in, side, side});
        shapes.put(name + ".bias", new long[] {out});
    }
}
