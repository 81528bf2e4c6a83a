package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A sparse change in a file: the numbers under the mask, row by row, and their places (row · inputs
 * + column) as 32-bit integers.
 */
final class SparseStorage {
    static final String VALUES = "sparse_values";
    static final String PLACES = "sparse_places";

    private SparseStorage() {}

    static List<SafetensorsWriter.Tensor> pack(
            Collection<String> modules, Map<String, Tensor> tensors) {
        List<SafetensorsWriter.Tensor> packed = new ArrayList<>();
        for (String module : modules) {
            Tensor delta = tensors.get(module + "." + SparseMask.DELTA);
            Tensor mask = tensors.get(module + "." + SparseMask.MASK);
            if (delta == null || mask == null) {
                throw new IllegalArgumentException(module + " has no change or no mask");
            }
            packed.addAll(pack(module, delta.toFloats(), mask.toFloats()));
        }
        return packed;
    }

    /** Packs one module; a mask that keeps nothing still stores its first number. */
    static List<SafetensorsWriter.Tensor> pack(String module, float[] delta, float[] mask) {
        int count = 0;
        for (float kept : mask) {
            count += kept != 0 ? 1 : 0;
        }
        boolean empty = count == 0;
        count = Math.max(1, count);
        ByteBuffer values = buffer(count);
        ByteBuffer places = buffer(count);
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0 || (empty && i == 0)) {
                requireFinite(module, delta[i]);
                values.putFloat(delta[i]);
                places.putInt(i);
            }
        }
        return List.of(
                tensor(module + "." + VALUES, StoredType.F32, values, count),
                tensor(module + "." + PLACES, StoredType.I32, places, count));
    }

    private static void requireFinite(String module, float value) {
        if (!Float.isFinite(value)) {
            throw new UserException(
                    "the change of %s would hold %s, so nothing is written; give the adapters smaller weights or lower the learning rate"
                            .formatted(module, value));
        }
    }

    private static ByteBuffer buffer(int count) {
        return ByteBuffer.allocate(Math.multiplyExact(4, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static SafetensorsWriter.Tensor tensor(
            String name, StoredType type, ByteBuffer bytes, int count) {
        return new SafetensorsWriter.Tensor(
                name,
                type,
                List.of((long) count),
                channel -> channel.write(bytes.duplicate().flip()));
    }

    /** Unpacks the change to a matrix [out, in]. */
    static Tensor unpack(
            Scope scope, String origin, Tensor values, Tensor places, long out, long in) {
        float[] numbers = values.toFloats();
        long[] where = places.toLongs();
        float[] dense = new float[Math.toIntExact(out * in)];
        for (int i = 0; i < where.length; i++) {
            if (where[i] < 0 || where[i] >= dense.length) {
                throw new UserException(
                        "%s has a place %d outside of [%d, %d]"
                                .formatted(origin, where[i], out, in));
            }
            dense[(int) where[i]] = numbers[i];
        }
        return Tensors.of(scope, dense, out, in);
    }
}
