package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.stream.IntStream;

/**
 * The shape of an {@link IpAdapter}, which follows from its tensors (diffusers transformer_sd3.py,
 * SD3Transformer2DLoadersMixin).
 *
 * @param featureWidth w, width of a picture's feature
 * @param width d, width of the transformer
 * @param resamplerWidth r
 * @param innerWidth width of the resampler's queries, heads of 64
 * @param queries T, tokens that a picture becomes
 * @param timeWidth numbers of the timestep's sinusoid
 * @param layers layers of the resampler
 */
public record IpAdapterConfig(
        int featureWidth,
        int width,
        int resamplerWidth,
        int innerWidth,
        int queries,
        int timeWidth,
        int layers) {
    private static final int HEAD_WIDTH = 64;

    /** Refuses numbers that the program cannot divide. */
    public IpAdapterConfig {
        if (innerWidth < HEAD_WIDTH || innerWidth % HEAD_WIDTH != 0) {
            throw new UserException(
                    "the IP-Adapter's queries are %d wide, which heads of %d do not divide"
                            .formatted(innerWidth, HEAD_WIDTH));
        }
        if (timeWidth % 2 != 0) {
            throw new UserException(
                    "the IP-Adapter's sinusoid of %d numbers is not of pairs".formatted(timeWidth));
        }
    }

    /**
     * Reads the shapes of {@code weights}, which have diffusers' names.
     *
     * @throws dev.stanstudio.sd3.checkpoint.WeightException if a tensor is missing
     */
    public static IpAdapterConfig of(Weights weights) {
        String in = IpAdapterKeys.projection("proj_in.weight");
        String query = IpAdapterKeys.layer(0, "attn.to_q.weight");
        return new IpAdapterConfig(
                size(weights, in, 1),
                size(weights, IpAdapterKeys.projection("proj_out.weight"), 0),
                size(weights, in, 0),
                size(weights, query, 0),
                size(weights, IpAdapterKeys.projection("latents"), 1),
                size(weights, IpAdapterKeys.projection("time_embedding.linear_1.weight"), 1),
                (int) IntStream.iterate(0, i -> i + 1).takeWhile(i -> has(weights, i)).count());
    }

    private static boolean has(Weights weights, int layer) {
        return weights.names().contains(IpAdapterKeys.layer(layer, "attn.to_q.weight"));
    }

    private static int size(Weights weights, String name, int axis) {
        long[] shape = weights.shape(name);
        if (shape.length <= axis) {
            throw new UserException(
                    "%s in %s has %d axes, too few"
                            .formatted(name, weights.origin(), shape.length));
        }
        return Math.toIntExact(shape[axis]);
    }
}
