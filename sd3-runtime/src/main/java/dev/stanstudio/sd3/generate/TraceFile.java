package dev.stanstudio.sd3.generate;

import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Intermediate tensors of a run, kept as fp32 and written as one safetensors file. Tensors of
 * several pictures that share a name are joined along the first axis.
 */
final class TraceFile {
    private static final class Rows {
        private final List<Long> shape;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Rows(Tensor first) {
            shape = new ArrayList<>(Arrays.stream(first.shape()).boxed().toList());
        }
    }

    private final Map<String, Rows> tensors = new LinkedHashMap<>();

    void add(String name, Tensor tensor) {
        float[] values = tensor.toFloats();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Rows rows = tensors.get(name);
        if (rows == null) {
            rows = new Rows(tensor);
            tensors.put(name, rows);
        } else {
            rows.shape.set(0, rows.shape.get(0) + tensor.size(0));
        }
        rows.bytes.writeBytes(bytes.array());
    }

    void write(Path file) {
        List<SafetensorsWriter.Tensor> list = new ArrayList<>();
        tensors.forEach(
                (name, rows) ->
                        list.add(
                                new SafetensorsWriter.Tensor(
                                        name,
                                        StoredType.F32,
                                        rows.shape,
                                        TensorSource.of(
                                                ByteBuffer.wrap(rows.bytes.toByteArray())))));
        SafetensorsWriter.write(file, Map.of(), list);
    }
}
