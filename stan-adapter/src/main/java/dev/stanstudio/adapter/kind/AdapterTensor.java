package dev.stanstudio.adapter.kind;

import java.util.List;

/**
 * A trained tensor of a module's adapter.
 *
 * @param name after the module's path, such as {@code lora_A.weight}
 * @param shape row-major
 * @param start its values before the first step
 * @param decayed whether the optimizer's weight decay takes part of it off
 */
public record AdapterTensor(String name, List<Long> shape, Start start, boolean decayed) {
    /** Makes a tensor that is decayed as others are. */
    public AdapterTensor(String name, List<Long> shape, Start start) {
        this(name, shape, start, true);
    }

    /** Returns the same, which weight decay leaves alone. */
    public AdapterTensor undecayed() {
        return new AdapterTensor(name, shape, start, false);
    }

    /** Keeps a copy of the shape. */
    public AdapterTensor {
        shape = List.copyOf(shape);
    }

    /**
     * First values.
     *
     * @param distribution of the values
     * @param scale bound of the uniform, deviation of the normal, or the constant
     */
    public record Start(Distribution distribution, double scale) {
        /** All zero. */
        public static final Start ZERO = new Start(Distribution.CONSTANT, 0);

        /**
         * Returns Kaiming's uniform with a = √5 over {@code fanIn} inputs, as torch.nn.Linear
         * starts: ±1/√fanIn.
         */
        public static Start kaiming(long fanIn) {
            return new Start(Distribution.UNIFORM, 1 / Math.sqrt((double) fanIn));
        }

        /** Returns a normal of the given deviation. */
        public static Start normal(double deviation) {
            return new Start(Distribution.NORMAL, deviation);
        }
    }

    /** Lists the distributions of first values. */
    public enum Distribution {
        /** −scale … scale. */
        UNIFORM,
        /** Normal around zero. */
        NORMAL,
        /** The scale itself. */
        CONSTANT
    }

    /** Returns the shape as tensors take it. */
    public long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Counts the values. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
