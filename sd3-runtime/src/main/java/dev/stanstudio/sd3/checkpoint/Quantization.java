package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.engine.DType;

/** Forms in which the matrices of a network's layers can stay in memory. */
public enum Quantization implements Labelled {
    /** As the network computes. */
    NONE("none"),
    /** Whole numbers −127 … 127, with a scale for each row. */
    INT8("int8"),
    /** Floats of 8 bits (e4m3), with a scale for each row. */
    FP8("fp8");

    private final String label;

    Quantization(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Returns whether the form takes fewer bits than the network computes in. */
    public boolean small() {
        return this != NONE;
    }

    /** Returns the bytes of a matrix of this form, of a network that computes in {@code dtype}. */
    public long bytes(long rows, long columns, DType dtype) {
        return small() ? rows * (columns + DType.FP32.bytes()) : rows * columns * dtype.bytes();
    }

    /**
     * Returns the form called {@code label}.
     *
     * @throws ArgumentException that lists the choices
     */
    public static Quantization of(String label) {
        return Labelled.of(values(), "quantisation", label);
    }
}
