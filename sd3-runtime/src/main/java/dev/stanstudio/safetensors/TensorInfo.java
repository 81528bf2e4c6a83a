package dev.stanstudio.safetensors;

import java.util.List;

/**
 * Position and type of a tensor's bytes. Values are row-major (last axis fastest).
 *
 * @param name key in the header
 * @param type element type
 * @param shape axis lengths, outermost first; empty for a scalar, a 0 makes the tensor empty
 * @param begin first byte, counted from the start of the data section
 * @param end byte after the last, counted likewise
 */
public record TensorInfo(String name, StoredType type, List<Long> shape, long begin, long end) {
    /**
     * @throws IllegalArgumentException if the range is not what type and shape need
     */
    public TensorInfo {
        shape = List.copyOf(shape);
        long bytes = type.bytesFor(elements(shape));
        if (begin < 0 || end < begin || end - begin != bytes) {
            throw new IllegalArgumentException(
                    "%s of %s takes %d bytes, not the range [%d, %d)"
                            .formatted(type.fileName(), shape, bytes, begin, end));
        }
    }

    /**
     * The product of {@code shape}, 1 for a scalar.
     *
     * @throws ArithmeticException if it does not fit a long
     */
    static long elements(List<Long> shape) {
        long product = 1;
        for (long axis : shape) {
            if (axis < 0) {
                throw new IllegalArgumentException("negative axis in shape " + shape);
            }
            product = Math.multiplyExact(product, axis);
        }
        return product;
    }

    /** Number of values. */
    public long elements() {
        return elements(shape);
    }

    /** Number of bytes. */
    public long byteSize() {
        return end - begin;
    }
}
