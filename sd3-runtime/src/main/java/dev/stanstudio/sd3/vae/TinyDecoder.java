package dev.stanstudio.sd3.vae;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The decoder of a tiny autoencoder such as TAESD3 (diffusers autoencoder_tiny.py): latents as the
 * transformer has them to a picture of the full size, for a hundredth of the autoencoder's time.
 * Immutable and thread-safe.
 */
public final class TinyDecoder implements AutoCloseable {
    private static final int COLOURS = 3;
    private static final int SIDE = 3;
    private static final List<String> BLOCK = List.of("conv.0", "conv.2", "conv.4");

    private record Stage(String method, TensorList weights) {}

    private static final class Holder {
        static final Program PROGRAM = Program.load(TinyDecoder.class, "tiny.ts.py");
    }

    private final Scope scope = Scope.open("tiny decoder");
    private final List<Stage> stages = new ArrayList<>();
    private final Weights weights;
    private final Placement placement;
    private int used;
    private int factor = 1;
    private long width;

    private TinyDecoder(Weights weights, Placement placement) {
        this.weights = weights;
        this.placement = placement;
    }

    /**
     * Opens the decoder whose layers {@code weights} names by their numbers, as in {@code
     * 3.conv.0.weight}.
     *
     * @throws UserException if its layers are none of such a decoder
     */
    public static TinyDecoder load(Weights weights, Placement placement) {
        TinyDecoder decoder = new TinyDecoder(weights, placement);
        try {
            decoder.build();
            return decoder;
        } catch (RuntimeException | Error e) {
            decoder.close();
            throw e;
        }
    }

    private void build() {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : weights.names()) {
            String number = name.substring(0, Math.max(0, name.indexOf('.')));
            if (!number.matches("[0-9]{1,3}")) {
                throw refusal("it has a tensor " + name);
            }
            numbers.add(Integer.parseInt(number));
        }
        for (int number : numbers) {
            String layer = String.valueOf(number);
            boolean last = number == numbers.last();
            if (weights.names().contains(layer + ".conv.0.weight")) {
                block(layer);
            } else if (stages.isEmpty()) {
                width = convolution(layer, latentChannels())[0];
                add("begin", layer + ".weight", layer + ".bias");
            } else if (last) {
                require(convolution(layer, width)[0] == COLOURS, "it makes no three colours");
                add("convolve", layer + ".weight", layer + ".bias");
            } else {
                width = convolution(layer, width)[0];
                add("doubled", layer + ".weight");
                factor *= 2;
            }
        }
        require(used == weights.names().size() && factor > 1, "it has other layers");
    }

    private void block(String layer) {
        List<String> names = new ArrayList<>();
        for (String part : BLOCK) {
            String convolution = layer + "." + part;
            require(convolution(convolution, width)[0] == width, "its widths differ in " + layer);
            names.add(convolution + ".weight");
            names.add(convolution + ".bias");
        }
        add("residual", names.toArray(String[]::new));
    }

    /** Returns the shape of a 3×3 convolution that reads {@code in} channels. */
    private long[] convolution(String name, long in) {
        String weight = name + ".weight";
        require(weights.names().contains(weight), "it lacks " + weight);
        long[] shape = weights.shape(weight);
        boolean fits = shape.length == 4 && shape[1] == in && shape[2] == SIDE && shape[3] == SIDE;
        require(fits, weight + " has another shape");
        return shape;
    }

    private void add(String method, String... names) {
        List<Tensor> tensors = new ArrayList<>();
        for (String name : names) {
            require(weights.names().contains(name), "it lacks " + name);
            tensors.add(placement.load(scope, weights, name));
        }
        used += names.length;
        stages.add(new Stage(method, Tensors.list(scope, tensors)));
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw refusal(otherwise);
        }
    }

    private UserException refusal(String why) {
        return new UserException(
                "%s is no decoder of a tiny autoencoder such as TAESD3: %s"
                        .formatted(weights.origin(), why));
    }

    /** Returns the number of channels of its latents. */
    public int latentChannels() {
        String first =
                weights.names().stream()
                        .filter(name -> name.matches("[01]\\.weight"))
                        .findFirst()
                        .orElseThrow(() -> refusal("it lacks its first layer"));
        long[] shape = weights.shape(first);
        require(shape.length == 4, first + " has another shape");
        return Math.toIntExact(shape[1]);
    }

    /** Returns the pixels of a latent's side. */
    public int factor() {
        return factor;
    }

    /**
     * Returns pictures [B, 3, H · factor, W · factor] in about 0…1 of normalised latents [B, C, H,
     * W].
     */
    public Tensor decode(Scope owner, Tensor latents) {
        try (Scope pass = Scope.open("tiny pass")) {
            Tensor x = Tensors.to(pass, latents, placement.device(), placement.dtype());
            for (Stage stage : stages) {
                Tensor y = Holder.PROGRAM.call(pass, stage.method(), x, stage.weights());
                pass.release(x);
                x = y;
            }
            return owner.adopt(x, pass);
        }
    }

    /** Returns a picture [1, 3, H, W] of about 0…1 as bytes [H, W, 3]. */
    public static Tensor toBytes(Scope owner, Tensor picture) {
        return Holder.PROGRAM.call(owner, "to_bytes", picture);
    }

    @Override
    public void close() {
        scope.close();
    }
}
