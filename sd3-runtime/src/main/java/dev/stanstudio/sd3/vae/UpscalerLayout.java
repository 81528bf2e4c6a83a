package dev.stanstudio.sd3.vae;

import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.WeightCheck;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The shape of an upscaling network, as its tensors tell it. */
public sealed interface UpscalerLayout {
    /** Colours of a picture. */
    int COLOURS = 3;

    /** Returns the factor of both sides. */
    int scale();

    /** Returns what both sides of a picture must be divisible by. */
    int multiple();

    /** Returns the shape of every tensor by its name. */
    Map<String, long[]> shapes();

    /** Opens the network. */
    UpscalerNetwork open(Weights weights, Placement placement);

    /**
     * RRDBNet: residual blocks of dense blocks.
     *
     * @param blocks number of residual blocks
     * @param width channels of its features
     * @param growth channels that each convolution of a dense block adds
     * @param doublings number of convolutions that double the size
     * @param folding side of the squares of pixels that it reads as channels; 1 for pixels
     */
    record Dense(int blocks, int width, int growth, int doublings, int folding)
            implements UpscalerLayout {
        static final int DENSE_BLOCKS = 3;
        static final int CONVOLUTIONS = 5;

        @Override
        public int scale() {
            return (1 << doublings) / folding;
        }

        @Override
        public int multiple() {
            return folding;
        }

        @Override
        public UpscalerNetwork open(Weights weights, Placement placement) {
            return new DenseUpscaler(this, weights, placement);
        }

        @Override
        public Map<String, long[]> shapes() {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            convolution(shapes, "conv_first", width, (long) COLOURS * folding * folding);
            for (int block = 0; block < blocks; block++) {
                for (int dense = 1; dense <= DENSE_BLOCKS; dense++) {
                    for (int i = 0; i < CONVOLUTIONS; i++) {
                        convolution(
                                shapes,
                                "body.%d.rdb%d.conv%d".formatted(block, dense, i + 1),
                                i + 1 < CONVOLUTIONS ? growth : width,
                                width + (long) i * growth);
                    }
                }
            }
            convolution(shapes, "conv_body", width, width);
            for (int i = 1; i <= doublings; i++) {
                convolution(shapes, "conv_up" + i, width, width);
            }
            convolution(shapes, "conv_hr", width, width);
            convolution(shapes, "conv_last", COLOURS, width);
            return shapes;
        }
    }

    /**
     * SRVGGNetCompact: a row of convolutions whose last one writes squares of pixels.
     *
     * @param hidden number of convolutions between the first and the last
     * @param width channels of its features
     * @param scale factor of both sides
     */
    record Compact(int hidden, int width, int scale) implements UpscalerLayout {
        @Override
        public int multiple() {
            return 1;
        }

        @Override
        public UpscalerNetwork open(Weights weights, Placement placement) {
            return new CompactUpscaler(this, weights, placement);
        }

        @Override
        public Map<String, long[]> shapes() {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            for (int i = 0; i <= hidden; i++) {
                convolution(shapes, "body." + 2 * i, width, i == 0 ? COLOURS : width);
                shapes.put("body." + (2 * i + 1) + ".weight", new long[] {width});
            }
            convolution(shapes, "body." + last(), (long) COLOURS * scale * scale, width);
            return shapes;
        }

        /** Returns the number of the last convolution. */
        int last() {
            return 2 * hidden + 2;
        }
    }

    private static void convolution(Map<String, long[]> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", new long[] {out, in, 3, 3});
        shapes.put(name + ".bias", new long[] {out});
    }

    /**
     * Returns the layout of a file's tensors under BasicSR's names; empty where they are those of
     * another kind of network.
     *
     * @throws dev.stanstudio.sd3.checkpoint.WeightException naming tensors that do not fit it
     */
    static Optional<UpscalerLayout> of(Weights weights) {
        Optional<UpscalerLayout> layout = dense(weights).or(() -> compact(weights));
        layout.ifPresent(
                found -> WeightCheck.check("the upscaler", weights, found.shapes(), Set.of()));
        return layout;
    }

    private static Optional<UpscalerLayout> dense(Weights weights) {
        Set<String> names = weights.names();
        if (!names.containsAll(List.of("conv_first.weight", "body.0.rdb1.conv1.weight"))) {
            return Optional.empty();
        }
        int blocks = count(names, "body.%d.rdb1.conv1.weight", 0);
        int doublings = count(names, "conv_up%d.weight", 1);
        long[] first = weights.shape("conv_first.weight");
        int folding = first.length < 2 ? 0 : (int) Math.round(Math.sqrt(first[1] / 3.0));
        boolean enlarges = folding > 0 && (1 << Math.min(doublings, 30)) % folding == 0;
        if (!enlarges || first[1] != (long) COLOURS * folding * folding || doublings > 3) {
            return Optional.empty();
        }
        int width = Math.toIntExact(first[0]);
        int growth = rows(weights, "body.0.rdb1.conv1.weight");
        return Optional.of(new Dense(blocks, width, growth, doublings, folding));
    }

    private static Optional<UpscalerLayout> compact(Weights weights) {
        Set<String> names = weights.names();
        List<Integer> convolutions = new ArrayList<>();
        for (int i = 0; names.contains("body." + i + ".bias"); i += 2) {
            convolutions.add(i);
        }
        if (convolutions.size() < 2 || !names.contains("body.1.weight")) {
            return Optional.empty();
        }
        int out = rows(weights, "body." + 2 * (convolutions.size() - 1) + ".bias");
        int scale = (int) Math.round(Math.sqrt(out / (double) COLOURS));
        if (scale < 1 || out != COLOURS * scale * scale) {
            return Optional.empty();
        }
        int width = rows(weights, "body.0.bias");
        return Optional.of(new Compact(convolutions.size() - 2, width, scale));
    }

    /** Returns the size of the first axis; 0 for a single number. */
    private static int rows(Weights weights, String name) {
        long[] shape = weights.shape(name);
        return shape.length == 0 ? 0 : Math.toIntExact(shape[0]);
    }

    private static int count(Set<String> names, String pattern, int from) {
        int number = from;
        while (names.contains(pattern.formatted(number))) {
            number++;
        }
        return number - from;
    }
}
