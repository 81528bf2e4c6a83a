package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types of GGUF's tensors that are read (llama.cpp ggml.h, {@code ggml_type}). */
enum GgufType {
    /** IEEE single precision. */
    F32(0, DType.FP32),
    /** IEEE half precision. */
    F16(1, DType.FP16),
    /** Blocks of 32: 4 bits, scale. */
    Q4_0(2, 32, 18),
    /** Blocks of 32: 4 bits, scale and minimum. */
    Q4_1(3, 32, 20),
    /** Blocks of 32: 5 bits, scale. */
    Q5_0(6, 32, 22),
    /** Blocks of 32: 5 bits, scale and minimum. */
    Q5_1(7, 32, 24),
    /** Blocks of 32: 8 bits, scale. */
    Q8_0(8, 32, 34),
    /** Blocks of 256: 4 bits, scales and minima of 6 bits. */
    Q4_K(12, 256, 144),
    /** Blocks of 256: 5 bits, scales and minima of 6 bits. */
    Q5_K(13, 256, 176),
    /** Blocks of 256: 6 bits, scales of 8 bits. */
    Q6_K(14, 256, 210),
    /** The upper half of an F32. */
    BF16(30, DType.BF16);

    /** Types in circulation that are not read. */
    private static final Map<Integer, String> OTHERS =
            Map.of(
                    9, "Q8_1", 10, "Q2_K", 11, "Q3_K", 15, "Q8_K", 16, "IQ2_XXS", 18, "IQ3_XXS", 20,
                    "IQ4_NL", 21, "IQ3_S", 23, "IQ4_XS");

    private final int code;
    private final int numbers;
    private final int bytes;
    private final @Nullable DType plain;

    GgufType(int code, DType plain) {
        this.code = code;
        this.numbers = 1;
        this.bytes = plain.bytes();
        this.plain = plain;
    }

    GgufType(int code, int numbers, int bytes) {
        this.code = code;
        this.numbers = numbers;
        this.bytes = bytes;
        this.plain = null;
    }

    /** Returns how many numbers a block holds. */
    int numbers() {
        return numbers;
    }

    /** Returns how many bytes a block takes. */
    int bytes() {
        return bytes;
    }

    /** Returns the engine's type of numbers that are not in blocks. */
    Optional<DType> plain() {
        return Optional.ofNullable(plain);
    }

    /** Returns the type that tensors have when they are opened: blocks are widened to fp32. */
    DType opened() {
        return plain == null ? DType.FP32 : plain;
    }

    /** Returns the method of {@code gguf.ts.py} that widens a block. */
    String method() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<GgufType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /** Returns the name of a type that is not read. */
    static String nameOf(int code) {
        return OTHERS.getOrDefault(code, "type " + Integer.toUnsignedString(code));
    }

    /** Returns the names of all types that are read. */
    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
