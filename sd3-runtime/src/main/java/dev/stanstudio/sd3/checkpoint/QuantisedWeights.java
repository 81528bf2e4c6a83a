package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Weights of a transformer or of T5 whose matrices within blocks are kept on a device in eight
 * bits. They are quantised when they are first asked for, and widened to fp32 at each use; all
 * other tensors are the base's. Thread-safe.
 */
public final class QuantisedWeights implements Weights, AutoCloseable {
    private static final Pattern IN_BLOCK =
            Pattern.compile("(transformer_blocks|encoder\\.block)\\.\\d+\\..+\\.weight");

    /** T5's table of position biases, which is looked up, not multiplied. */
    private static final String TABLE = "relative_attention_bias.weight";

    private static final class Holder {
        static final Program PROGRAM = Program.load(QuantisedWeights.class, "quantise.ts.py");
    }

    private record Small(Tensor numbers, Tensor scale) {}

    private final Weights base;
    private final Quantization form;
    private final Device device;
    private final Map<String, Small> held = new HashMap<>();
    private Scope scope = Scope.open("quantised weights");

    /**
     * Creates weights that hold nothing yet.
     *
     * @param form one of the small forms
     * @param device where they are kept and widened
     */
    public QuantisedWeights(Weights base, Quantization form, Device device) {
        if (!form.small()) {
            throw new IllegalArgumentException("weights are not quantised to " + form.label());
        }
        this.base = base;
        this.form = form;
        this.device = device;
    }

    /** Returns whether {@code name} is a matrix that a block multiplies with. */
    public static boolean takes(Weights weights, String name) {
        return weights.shape(name).length == 2
                && !name.endsWith(TABLE)
                && IN_BLOCK.matcher(name).matches();
    }

    /** Returns whether {@code weights} are stored as numbers of eight bits. */
    public static boolean areStoredIn(Weights weights) {
        return weights.names().stream()
                .map(weights::dtype)
                .anyMatch(t -> t == DType.FP8_E4M3 || t == DType.FP8_E5M2);
    }

    /**
     * Refuses to quantise a transformer once more.
     *
     * @param model its name in the message
     * @throws ArgumentException if {@code weights} are stored in eight bits and {@code form} is
     *     small
     */
    public static void requireWide(String model, Weights weights, Quantization form) {
        if (form.small() && areStoredIn(weights)) {
            throw new ArgumentException(
                    "%s stores its transformer in 8 bits; leave out --quantize".formatted(model));
        }
    }

    @Override
    public Set<String> names() {
        return base.names();
    }

    @Override
    public long[] shape(String name) {
        return base.shape(name);
    }

    @Override
    public DType dtype(String name) {
        return takes(base, name) ? DType.FP32 : base.dtype(name);
    }

    @Override
    public Tensor open(Scope owner, String name) {
        if (!takes(base, name)) {
            return base.open(owner, name);
        }
        synchronized (held) {
            Small small = held.computeIfAbsent(name, this::quantise);
            return widen(owner, small.numbers(), small.scale());
        }
    }

    @Override
    public Tensor rows(Scope owner, String name, long[] rows) {
        return takes(base, name)
                ? Weights.super.rows(owner, name, rows)
                : base.rows(owner, name, rows);
    }

    private Small quantise(String name) {
        try (Scope local = Scope.open(name)) {
            Tensor stored = base.open(local, name);
            Tensor here = Tensors.to(local, stored, device, base.dtype(name));
            List<Tensor> small = quantise(scope, here, form);
            return new Small(small.get(0), small.get(1));
        }
    }

    /**
     * Quantises a matrix [rows, columns]: the numbers [rows, columns] and the scale of each row in
     * fp32 [rows, 1], max |w| / 127 for int8 and max |w| / 448 for fp8, 1 for a row of zeros.
     * Numbers are rounded half to even. {@code owner} owns both.
     */
    public static List<Tensor> quantise(Scope owner, Tensor matrix, Quantization form) {
        String method =
                switch (form) {
                    case INT8 -> "to_int8";
                    case FP8 -> "to_fp8";
                    case NONE -> throw new IllegalArgumentException("nothing to quantise to");
                };
        return Holder.PROGRAM.callTuple(owner, method, matrix);
    }

    /** Multiplies numbers by their scales, in fp32; {@code owner} owns the matrix. */
    public static Tensor widen(Scope owner, Tensor numbers, Tensor scale) {
        return Holder.PROGRAM.call(owner, "widen", numbers, scale);
    }

    @Override
    public void release() {
        synchronized (held) {
            held.clear();
            scope.close();
            scope = Scope.open("quantised weights");
        }
    }

    @Override
    public String origin() {
        return base.origin();
    }

    @Override
    public void close() {
        synchronized (held) {
            held.clear();
            scope.close();
        }
    }
}
