package dev.stanstudio.safetensors;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An element type of the safetensors format. Values are little-endian; types under 8 bits are
 * packed.
 *
 * <p>Source: safetensors {@code tensor.rs} (Dtype). The constants stand in that file's order, which
 * is also the order of growing alignment that {@link SafetensorsWriter} sorts by.
 */
public enum StoredType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private static final Map<String, StoredType> BY_FILE_NAME =
            Stream.of(values())
                    .collect(Collectors.toMap(StoredType::fileName, Function.identity()));

    private final int bits;

    StoredType(int bits) {
        this.bits = bits;
    }

    /** The type a header calls {@code fileName}, such as "BF16" or "F8_E4M3"; empty if none. */
    public static Optional<StoredType> ofFileName(String fileName) {
        return Optional.ofNullable(BY_FILE_NAME.get(fileName));
    }

    /** The name a header writes for this type. */
    public String fileName() {
        return name();
    }

    /** Width of one element in bits. */
    public int bits() {
        return bits;
    }

    /** Returns true if {@code elements} values end on a byte boundary. */
    public boolean fillsBytes(long elements) {
        return elements % Byte.SIZE * bits % Byte.SIZE == 0;
    }

    /**
     * The bytes that {@code elements} values take.
     *
     * @throws ArithmeticException if the answer does not fit a long
     * @throws IllegalArgumentException if {@code elements} is negative or ends inside a byte
     */
    public long bytesFor(long elements) {
        if (elements < 0 || !fillsBytes(elements)) {
            throw new IllegalArgumentException(
                    elements + " elements of " + fileName() + " do not fill whole bytes");
        }
        if (bits >= Byte.SIZE) {
            return Math.multiplyExact(elements, (long) (bits / Byte.SIZE));
        }
        return elements / Byte.SIZE * bits + elements % Byte.SIZE * bits / Byte.SIZE;
    }
}
