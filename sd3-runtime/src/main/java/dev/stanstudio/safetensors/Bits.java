package dev.stanstudio.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Conversions between float and the narrow formats, bit by bit; narrowing rounds to nearest, ties
 * to even.
 *
 * <p>Formats: IEEE 754-2019 binary16; bfloat16, the upper half of binary32; OCP 8-bit floating
 * point 1.0, E4M3 (no infinities) and E5M2.
 */
public final class Bits {
    private static final int ABS = 0x7FFF_FFFF;
    private static final int INFINITY = 0x7F80_0000;
    private static final int HALF_INFINITY = 0x7C00;
    private static final int HALF_NAN = 0x7E00;
    private static final int HALF_SIGN = 0x8000;
    private static final int HALF_DROPPED_BITS = 13;
    private static final int REBIAS = (127 - 15) << 23;
    private static final int SMALLEST_NORMAL_HALF = REBIAS + (1 << 23);

    /** 65520, halfway between the largest half and the next power of two: rounds to infinity. */
    private static final int FIRST_OVERFLOWING = 0x477F_F000;

    private static final float[] E4M3 = table(Bits::decodeE4m3);
    private static final float[] E5M2 = table(code -> halfToFloat((short) (code << Byte.SIZE)));

    private Bits() {}

    /** The bfloat16 nearest to {@code value}; a NaN stays one. */
    public static short floatToBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> Short.SIZE) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
    }

    /** The exact value of a bfloat16. */
    public static float bf16ToFloat(short bf16) {
        return Float.intBitsToFloat(bf16 << Short.SIZE);
    }

    /** The binary16 nearest to {@code value}, infinite from 65520 on; a NaN stays one. */
    public static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> Short.SIZE) & HALF_SIGN;
        int abs = bits & ABS;
        if (abs > INFINITY) {
            return (short) (sign | HALF_NAN | ((abs >>> HALF_DROPPED_BITS) & 0x3FF));
        }
        if (abs >= FIRST_OVERFLOWING) {
            return (short) (sign | HALF_INFINITY);
        }
        if (abs < SMALLEST_NORMAL_HALF) {
            // In steps of 2^-24 the product is exact, and so rint rounds only once.
            return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
        }
        int rounded = abs + 0xFFF + ((abs >>> HALF_DROPPED_BITS) & 1);
        return (short) (sign | ((rounded - REBIAS) >>> HALF_DROPPED_BITS));
    }

    /** The exact value of a binary16. */
    public static float halfToFloat(short half) {
        int sign = (half & HALF_SIGN) << Short.SIZE;
        int exponent = (half >>> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int wide = (half & 0x7FFF) << HALF_DROPPED_BITS;
        return Float.intBitsToFloat(sign | (exponent == 0x1F ? INFINITY | wide : wide + REBIAS));
    }

    /** The exact value of an 8-bit E4M3 float (bias 7, largest 448, S.1111.111 is NaN). */
    public static float e4m3ToFloat(byte code) {
        return E4M3[Byte.toUnsignedInt(code)];
    }

    /** The exact value of an 8-bit E5M2 float (bias 15, with infinities). */
    public static float e5m2ToFloat(byte code) {
        return E5M2[Byte.toUnsignedInt(code)];
    }

    /**
     * The next {@code count} values of {@code bytes} as floats. F64 is rounded, the other types are
     * exact. The buffer is read as little-endian from its position, whatever its own order, and is
     * left as it was.
     *
     * @param type F64, F32, F16, BF16, F8_E4M3 or F8_E5M2
     * @throws IllegalArgumentException if the type is another, or the buffer holds too few bytes
     */
    public static float[] toFloats(ByteBuffer bytes, StoredType type, int count) {
        if (type.bytesFor(count) > bytes.remaining()) {
            throw new IllegalArgumentException(
                    "%d values of %s take %d bytes, the buffer holds %d"
                            .formatted(
                                    count,
                                    type.fileName(),
                                    type.bytesFor(count),
                                    bytes.remaining()));
        }
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count];
        switch (type) {
            case F32 -> in.asFloatBuffer().get(values);
            case F64 -> fill(values, i -> (float) in.getDouble(i * Double.BYTES));
            case F16 -> fill(values, i -> halfToFloat(in.getShort(i * Short.BYTES)));
            case BF16 -> fill(values, i -> bf16ToFloat(in.getShort(i * Short.BYTES)));
            case F8_E4M3 -> fill(values, i -> e4m3ToFloat(in.get(i)));
            case F8_E5M2 -> fill(values, i -> e5m2ToFloat(in.get(i)));
            default ->
                    throw new IllegalArgumentException(
                            type.fileName() + " has no conversion to float");
        }
        return values;
    }

    /** A value by its index, without boxing. */
    private interface FloatAt {
        float at(int index);
    }

    private static void fill(float[] values, FloatAt source) {
        for (int i = 0; i < values.length; i++) {
            values[i] = source.at(i);
        }
    }

    private static float decodeE4m3(int code) {
        int exponent = (code >>> 3) & 0xF;
        int fraction = code & 7;
        if (exponent == 0xF && fraction == 7) {
            return Float.NaN;
        }
        float magnitude =
                exponent == 0 ? fraction * 0x1p-9f : Math.scalb(8f + fraction, exponent - 10);
        return (code & 0x80) == 0 ? magnitude : -magnitude;
    }

    private static float[] table(FloatAt decode) {
        float[] values = new float[1 << Byte.SIZE];
        fill(values, decode);
        return values;
    }
}
