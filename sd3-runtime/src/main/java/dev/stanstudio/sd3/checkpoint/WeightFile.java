package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes the tensors of a network to a safetensors file, whole or not at all. */
public final class WeightFile {
    private WeightFile() {}

    /**
     * Writes every tensor of {@code weights} as {@code dtype} (fp32, fp16 or bf16).
     *
     * @throws UserException if a tensor holds a number that {@code dtype} cannot
     */
    public static void write(Path file, Weights weights, DType dtype) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String name : weights.names()) {
            List<Long> shape = Arrays.stream(weights.shape(name)).boxed().toList();
            TensorSource source =
                    channel ->
                            TensorSource.of(ByteBuffer.wrap(bytes(file, weights, name, dtype)))
                                    .writeTo(channel);
            tensors.add(new SafetensorsWriter.Tensor(name, stored(dtype), shape, source));
        }
        SafetensorsWriter.write(file, Map.of(), tensors);
    }

    private static StoredType stored(DType dtype) {
        return switch (dtype) {
            case FP32 -> StoredType.F32;
            case FP16 -> StoredType.F16;
            case BF16 -> StoredType.BF16;
            default -> throw new IllegalArgumentException("weights are not kept as " + dtype);
        };
    }

    private static byte[] bytes(Path file, Weights weights, String name, DType dtype) {
        try (Scope scope = Scope.open(name)) {
            Tensor cast = Tensors.to(scope, weights.open(scope, name), Device.CPU, dtype);
            if (!Tensors.allFinite(cast)) {
                throw new UserException(
                        "%s: %s has numbers that %s cannot hold"
                                .formatted(file, name, dtype.label()));
            }
            return cast.toBytes();
        }
    }
}
