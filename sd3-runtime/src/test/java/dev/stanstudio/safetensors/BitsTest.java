package dev.stanstudio.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitsTest {
    private static final int HALVES = 1 << 16;

    /** The value that the definition of a small float gives to {@code code}; NaN where special. */
    private static double defined(int code, int exponentBits, int fractionBits, int bias) {
        int fractions = 1 << fractionBits;
        int fraction = code % fractions;
        int exponent = code / fractions % (1 << exponentBits);
        int sign = code / fractions / (1 << exponentBits) == 0 ? 1 : -1;
        double value =
                exponent == 0
                        ? Math.pow(2, 1 - bias) * fraction / fractions
                        : Math.pow(2, exponent - bias) * (fractions + fraction) / fractions;
        return sign * value;
    }

    @Test
    void all65536HalvesFollowTheDefinitionAndComeBack() {
        for (int code = 0; code < HALVES; code++) {
            float value = Bits.halfToFloat((short) code);
            int abs = code & 0x7FFF;
            if (abs > 0x7C00) {
                assertTrue(Float.isNaN(value), "half " + code);
                assertTrue(Float.isNaN(Bits.halfToFloat(Bits.floatToHalf(value))), "half " + code);
                continue;
            }
            double expected =
                    abs == 0x7C00
                            ? Math.copySign(Double.POSITIVE_INFINITY, value)
                            : defined(code, 5, 10, 15);
            assertEquals(expected, value, "half " + code);
            assertEquals((short) code, Bits.floatToHalf(value), "half " + code);
        }
    }

    @Test
    void all65536Bf16ComeBack() {
        for (int code = 0; code < HALVES; code++) {
            float value = Bits.bf16ToFloat((short) code);
            if ((code & 0x7FFF) > 0x7F80) {
                assertTrue(Float.isNaN(value), "bf16 " + code);
                assertTrue(Float.isNaN(Bits.bf16ToFloat(Bits.floatToBf16(value))), "bf16 " + code);
                continue;
            }
            assertEquals(code << 16, Float.floatToRawIntBits(value), "bf16 " + code);
            assertEquals((short) code, Bits.floatToBf16(value), "bf16 " + code);
        }
    }

    @Test
    void narrowingTakesTheNearestTiesToEven() {
        // Between neighbours: the exact middle and one float to either side of it.
        for (int code = 0; code < 0x7C00; code++) {
            double low = defined(code, 5, 10, 15);
            double high = code == 0x7BFF ? 65536 : defined(code + 1, 5, 10, 15);
            float middle = (float) ((low + high) / 2);
            assertEquals((code + 1) & ~1, Bits.floatToHalf(middle), "half after " + code);
            assertEquals(code, Bits.floatToHalf(Math.nextDown(middle)), "half after " + code);
            assertEquals(code + 1, Bits.floatToHalf(Math.nextUp(middle)), "half after " + code);
            assertEquals((short) (code | 0x8000), Bits.floatToHalf(-Math.nextDown(middle)));
        }
        for (int code = 0; code < 0x7F80; code++) {
            float middle = Float.intBitsToFloat(code << 16 | 0x8000);
            assertEquals((code + 1) & ~1, Bits.floatToBf16(middle), "bf16 after " + code);
            assertEquals(code, Bits.floatToBf16(Math.nextDown(middle)), "bf16 after " + code);
            assertEquals(code + 1, Bits.floatToBf16(Math.nextUp(middle)), "bf16 after " + code);
            assertEquals((short) (code | 0x8000), Bits.floatToBf16(-Math.nextDown(middle)));
        }
    }

    @Test
    void narrowingOverflowsToInfinityAndKeepsZeroSigns() {
        assertEquals((short) 0x7BFF, Bits.floatToHalf(65519.996f));
        assertEquals((short) 0x7C00, Bits.floatToHalf(65520f));
        assertEquals((short) 0xFC00, Bits.floatToHalf(-Float.MAX_VALUE));
        assertEquals((short) 0x7F80, Bits.floatToBf16(Float.MAX_VALUE));
        assertEquals((short) 0x8000, Bits.floatToHalf(-0f));
        assertEquals((short) 0x8000, Bits.floatToHalf(-Float.MIN_VALUE));
        assertEquals((short) 0x8000, Bits.floatToBf16(-0f));
        for (int nan : new int[] {0x7F80_0001, 0xFF80_0001, 0x7FC0_0000, 0x7FFF_FFFF}) {
            float value = Float.intBitsToFloat(nan);
            assertTrue(Float.isNaN(Bits.halfToFloat(Bits.floatToHalf(value))));
            assertTrue(Float.isNaN(Bits.bf16ToFloat(Bits.floatToBf16(value))));
        }
    }

    @Test
    void all256E4m3FollowTheDefinition() {
        for (int code = 0; code < 256; code++) {
            double expected = (code & 0x7F) == 0x7F ? Double.NaN : defined(code, 4, 3, 7);
            assertEquals(expected, Bits.e4m3ToFloat((byte) code), "e4m3 " + code);
        }
        assertEquals(448f, Bits.e4m3ToFloat((byte) 0x7E));
        assertEquals(0x1p-9f, Bits.e4m3ToFloat((byte) 1));
        assertEquals(-0f, Bits.e4m3ToFloat((byte) 0x80));
    }

    @Test
    void all256E5m2FollowTheDefinition() {
        for (int code = 0; code < 256; code++) {
            int abs = code & 0x7F;
            double infinity = code < 128 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            double special = abs == 0x7C ? infinity : Double.NaN;
            double expected = abs >= 0x7C ? special : defined(code, 5, 2, 15);
            assertEquals(expected, Bits.e5m2ToFloat((byte) code), "e5m2 " + code);
        }
        assertEquals(57344f, Bits.e5m2ToFloat((byte) 0x7B));
    }

    @Test
    void decodesBuffersFromTheirPosition() {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 99).putFloat(1.5f).putFloat(-2f).putFloat(7f).position(1);
        bytes.order(ByteOrder.BIG_ENDIAN);
        assertArrayEquals(new float[] {1.5f, -2f}, Bits.toFloats(bytes, StoredType.F32, 2));
        assertEquals(1, bytes.position());
        assertEquals(ByteOrder.BIG_ENDIAN, bytes.order());

        ByteBuffer doubles = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        doubles.putDouble(0, 0.1).putDouble(8, 1e300);
        assertArrayEquals(
                new float[] {0.1f, Float.POSITIVE_INFINITY},
                Bits.toFloats(doubles, StoredType.F64, 2));
        byte[] narrow = {0, 0x3C, 0, (byte) 0xC0};
        assertArrayEquals(
                new float[] {1f, -2f}, Bits.toFloats(ByteBuffer.wrap(narrow), StoredType.F16, 2));
        assertArrayEquals(
                new float[] {0x1p-7f, -2f},
                Bits.toFloats(ByteBuffer.wrap(narrow), StoredType.BF16, 2));
        assertArrayEquals(
                new float[] {0f, 1.5f, 0f, -2f},
                Bits.toFloats(ByteBuffer.wrap(narrow), StoredType.F8_E4M3, 4));
        assertArrayEquals(
                new float[] {0f, 1f, 0f, -2f},
                Bits.toFloats(ByteBuffer.wrap(narrow), StoredType.F8_E5M2, 4));
    }

    @Test
    void refusesShortBuffersAndIntegers() {
        ByteBuffer seven = ByteBuffer.allocate(7);
        assertThrows(IllegalArgumentException.class, () -> Bits.toFloats(seven, StoredType.F32, 2));
        assertThrows(IllegalArgumentException.class, () -> Bits.toFloats(seven, StoredType.U8, 2));
    }

    @Test
    void halvesAreNearestOverRandomFloats() {
        Random random = new Random(7);
        double worst = 0;
        for (int i = 0; i < 1_000_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (!(Math.abs(value) < 65520f) || Math.abs(value) < 0x1p-14f) {
                continue;
            }
            float back = Bits.halfToFloat(Bits.floatToHalf(value));
            worst = Math.max(worst, Math.abs((double) back - value) / Math.abs(value));
        }
        System.out.printf("fp16 worst relative error %.3e (half a step is %.3e)%n", worst, 0x1p-11);
        assertTrue(worst <= 0x1p-11, "worst " + worst);
    }
}
