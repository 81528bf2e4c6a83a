package dev.stanstudio.sd3.vae;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.List;

/**
 * The shape of an AutoencoderKL: the fields of {@code vae/config.json} (diffusers
 * autoencoder_kl.py).
 *
 * @param inChannels channels of a picture
 * @param outChannels channels of a decoded picture
 * @param latentChannels C, channels of the latents
 * @param blockOutChannels width of each resolution, largest picture first
 * @param layersPerBlock resnets of an encoder block; a decoder block has one more
 * @param normNumGroups groups of each group norm
 * @param midBlockAddAttention whether the middle has an attention
 * @param quantConv whether a 1×1 convolution follows the encoder
 * @param postQuantConv whether a 1×1 convolution precedes the decoder
 * @param sampleSize side of a tile in pixels
 * @param scalingFactor latents = (encoded − shift) · scale
 * @param shiftFactor see {@code scalingFactor}
 */
public record VaeConfig(
        int inChannels,
        int outChannels,
        int latentChannels,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int normNumGroups,
        boolean midBlockAddAttention,
        boolean quantConv,
        boolean postQuantConv,
        int sampleSize,
        double scalingFactor,
        double shiftFactor) {

    /** Refuses widths that the groups do not divide, and a scale of zero. */
    public VaeConfig {
        blockOutChannels = List.copyOf(blockOutChannels);
        if (blockOutChannels.isEmpty() || blockOutChannels.size() > 8) {
            throw new UserException(
                    "vae config: block_out_channels must have 1 … 8 widths, not "
                            + blockOutChannels.size());
        }
        for (int width : blockOutChannels) {
            if (width % normNumGroups != 0) {
                throw new UserException(
                        "vae config: width %s is not divisible by norm_num_groups %s"
                                .formatted(width, normNumGroups));
            }
        }
        if (scalingFactor == 0) {
            throw new UserException("vae config: scaling_factor must not be 0");
        }
    }

    /** The same network with another normalisation of its latents. */
    public VaeConfig normalisedBy(double scale, double shift) {
        return new VaeConfig(
                inChannels,
                outChannels,
                latentChannels,
                blockOutChannels,
                layersPerBlock,
                normNumGroups,
                midBlockAddAttention,
                quantConv,
                postQuantConv,
                sampleSize,
                scale,
                shift);
    }

    /** Pixels of a latent pixel's side: 8 with four resolutions. */
    public int factor() {
        return 1 << (blockOutChannels.size() - 1);
    }

    /** Side of a tile in latent pixels. */
    public int latentTile() {
        return Math.max(1, sampleSize / factor());
    }

    /**
     * Reads {@code config.json}.
     *
     * @throws UserException that names the field that does not fit
     */
    public static VaeConfig read(ConfigReader json) {
        json.require("act_fn", "silu");
        json.require("in_channels", "3");
        json.require("out_channels", "3");
        json.requireEach("down_block_types", "DownEncoderBlock2D");
        json.requireEach("up_block_types", "UpDecoderBlock2D");
        // The class has a default for the scale where the field is missing, none for a null.
        boolean unscaled = !json.node().has("scaling_factor");
        return new VaeConfig(
                json.integer("in_channels", 3, 1),
                json.integer("out_channels", 3, 1),
                json.integer("latent_channels", 4, 1),
                json.integers("block_out_channels", List.of(64), 1),
                json.depth("layers_per_block", 1),
                json.integer("norm_num_groups", 32, 1),
                flag(json, "mid_block_add_attention"),
                flag(json, "use_quant_conv"),
                flag(json, "use_post_quant_conv"),
                json.integer("sample_size", 32, 8),
                unscaled ? 0.18215 : json.required("scaling_factor"),
                json.required("shift_factor"));
    }

    /** True by default; null is false, as the class takes it. */
    private static boolean flag(ConfigReader json, String name) {
        return !json.node().path(name).isNull() && json.flag(name, true);
    }
}
