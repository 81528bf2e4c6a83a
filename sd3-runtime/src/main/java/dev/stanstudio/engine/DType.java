package dev.stanstudio.engine;

import dev.stanstudio.base.Labelled;
import java.util.Arrays;
import java.util.Optional;

/**
 * The element types that tensors can have, with libtorch's number for each (c10/core/ScalarType.h).
 *
 * <p>DJL's own {@code DataType} is never used for tensors here: its native side aborts the process
 * for bfloat16 and for every type beyond complex64. Tensors of those types are made inside scripted
 * programs, which take {@link #scalarType()} as a number.
 */
public enum DType implements Labelled {
    /** IEEE single precision. */
    FP32("fp32", 6, 4, true),
    /** IEEE half precision. */
    FP16("fp16", 5, 2, true),
    /** Brain floating point: the upper half of an fp32. */
    BF16("bf16", 15, 2, true),
    /** IEEE double precision. */
    FP64("fp64", 7, 8, true),
    /** Eight bits, 4 of exponent, 3 of mantissa, no infinities. */
    FP8_E4M3("fp8-e4m3", 24, 1, true),
    /** Eight bits, 5 of exponent, 2 of mantissa. */
    FP8_E5M2("fp8-e5m2", 23, 1, true),
    /** Unsigned byte. */
    UINT8("uint8", 0, 1, false),
    /** Signed byte. */
    INT8("int8", 1, 1, false),
    /** 16-bit integer. */
    INT16("int16", 2, 2, false),
    /** 32-bit integer. */
    INT32("int32", 3, 4, false),
    /** 64-bit integer. */
    INT64("int64", 4, 8, false),
    /** One byte, 0 or 1. */
    BOOL("bool", 11, 1, false);

    private final String label;
    private final int scalarType;
    private final int bytes;
    private final boolean floating;

    DType(String label, int scalarType, int bytes, boolean floating) {
        this.label = label;
        this.scalarType = scalarType;
        this.bytes = bytes;
        this.floating = floating;
    }

    @Override
    public String label() {
        return label;
    }

    /** Returns libtorch's number for the type. */
    public int scalarType() {
        return scalarType;
    }

    /** Returns the bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Returns whether the type holds fractions. */
    public boolean floating() {
        return floating;
    }

    /** Returns whether networks can compute in the type (the 8-bit floats only store). */
    public boolean computes() {
        return this == FP32 || this == FP16 || this == BF16 || this == FP64;
    }

    /** Returns the type called {@code label}, if there is one. */
    public static Optional<DType> byLabel(String label) {
        return Labelled.find(values(), label);
    }

    /** Returns the type with libtorch's number {@code scalarType}. */
    static DType ofScalarType(long scalarType) {
        return Arrays.stream(values())
                .filter(t -> t.scalarType == scalarType)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("unknown libtorch type " + scalarType));
    }
}
