package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.Bits;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A number in a tensor of its own, such as α, of any shape with one element and any type. */
final class StoredNumber {
    private StoredNumber() {}

    /**
     * The number in {@code tensor}. Programs write α as a fraction of any type, and sd-scripts as a
     * whole number where neither a network alpha nor a save precision is given.
     *
     * @throws UserException if it is not one number
     */
    static double of(StoredTensor tensor) {
        TensorInfo info = tensor.info();
        if (info.elements() != 1) {
            throw new UserException(
                    "%s: %s must be one number, not of shape %s"
                            .formatted(tensor.file().path(), info.name(), info.shape()));
        }
        ByteBuffer bytes =
                ByteBuffer.allocate((int) info.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        tensor.read(0, bytes);
        bytes.flip();
        return switch (info.type()) {
            case I64, U64 -> bytes.getLong(0);
            case I32 -> bytes.getInt(0);
            case U32 -> Integer.toUnsignedLong(bytes.getInt(0));
            case I16 -> bytes.getShort(0);
            case U16 -> Short.toUnsignedInt(bytes.getShort(0));
            case I8 -> bytes.get(0);
            case U8 -> Byte.toUnsignedInt(bytes.get(0));
            case F64 -> bytes.getDouble(0);
            case F32, F16, BF16, F8_E4M3, F8_E5M2 -> Bits.toFloats(bytes, info.type(), 1)[0];
            default ->
                    throw new UserException(
                            "%s: %s must be a number, not %s"
                                    .formatted(
                                            tensor.file().path(),
                                            info.name(),
                                            info.type().fileName()));
        };
    }
}
