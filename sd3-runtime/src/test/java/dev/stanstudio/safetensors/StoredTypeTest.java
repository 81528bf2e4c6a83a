package dev.stanstudio.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredTypeTest {
    @ParameterizedTest
    @CsvSource({
        "8, BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ",
        "16, I16 U16 F16 BF16",
        "32, I32 U32 F32",
        "64, C64 F64 I64 U64",
        "4, F4",
        "6, F6_E2M3 F6_E3M2"
    })
    void widthsAreThoseOfTheFormat(int bits, String names) {
        String ours =
                Arrays.stream(StoredType.values())
                        .filter(type -> type.bits() == bits)
                        .map(StoredType::fileName)
                        .sorted()
                        .collect(Collectors.joining(" "));
        assertEquals(String.join(" ", List.of(names.split(" ")).stream().sorted().toList()), ours);
        for (String name : names.split(" ")) {
            assertEquals(name, StoredType.ofFileName(name).orElseThrow().fileName());
        }
    }

    @Test
    void unknownNamesAreEmpty() {
        assertEquals(Optional.empty(), StoredType.ofFileName("float32"));
    }

    @Test
    void countsBytesUpToTheLimitOfALong() {
        assertEquals(Long.MAX_VALUE, StoredType.U8.bytesFor(Long.MAX_VALUE));
        assertEquals(1L << 62, StoredType.F16.bytesFor(1L << 61));
        assertThrows(ArithmeticException.class, () -> StoredType.F16.bytesFor(1L << 62));
        assertThrows(ArithmeticException.class, () -> StoredType.F64.bytesFor(1L << 60));
        assertEquals(1L << 61, StoredType.F4.bytesFor(1L << 62));
        assertEquals(3L << 60, StoredType.F6_E2M3.bytesFor(1L << 62));
        assertEquals(0, StoredType.F32.bytesFor(0));
    }

    @Test
    void packedTypesMustFillBytes() {
        assertEquals(3, StoredType.F4.bytesFor(6));
        assertEquals(9, StoredType.F6_E3M2.bytesFor(12));
        assertTrue(StoredType.F6_E3M2.fillsBytes(4));
        assertFalse(StoredType.F6_E3M2.fillsBytes(6));
        assertThrows(IllegalArgumentException.class, () -> StoredType.F4.bytesFor(7));
        assertThrows(IllegalArgumentException.class, () -> StoredType.F32.bytesFor(-1));
    }
}
