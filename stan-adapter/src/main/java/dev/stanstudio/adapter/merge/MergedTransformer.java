package dev.stanstudio.adapter.merge;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

/** Writes a transformer as diffusers reads it: {@code config.json} beside one safetensors file. */
public final class MergedTransformer {
    private static final String CONFIG = "config.json";
    private static final String TENSORS = "diffusion_pytorch_model.safetensors";

    private MergedTransformer() {}

    /**
     * Writes folder {@code out}, tensor by tensor; it appears only when it is complete.
     *
     * @param out a folder that does not exist yet
     * @param config the transformer's {@code config.json}, copied as it is
     * @param metadata for the file's {@code __metadata__} block
     * @throws UserException if {@code out} exists or cannot be written
     * @throws CancellationException if the thread is interrupted; nothing is left behind
     */
    public static void write(Path out, Path config, Weights weights, Map<String, String> metadata) {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target)) {
            throw new UserException(out + " exists already; name a new folder");
        }
        Path part = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(parent);
            Files.createDirectory(part);
            Files.write(part.resolve(CONFIG), Files.readAllBytes(config));
            SafetensorsWriter.write(
                    part.resolve(TENSORS),
                    metadata,
                    weights.names().stream().map(name -> tensor(weights, name)).toList());
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(out + " cannot be written: " + e, e);
        } finally {
            delete(part);
        }
    }

    private static SafetensorsWriter.Tensor tensor(Weights weights, String name) {
        List<Long> shape = Arrays.stream(weights.shape(name)).boxed().toList();
        return new SafetensorsWriter.Tensor(
                name,
                stored(weights.dtype(name)),
                shape,
                channel -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("interrupted before " + name);
                    }
                    try (Scope local = Scope.open(name)) {
                        channel.write(ByteBuffer.wrap(weights.open(local, name).toBytes()));
                    }
                });
    }

    private static StoredType stored(DType dtype) {
        return switch (dtype) {
            case FP32 -> StoredType.F32;
            case FP16 -> StoredType.F16;
            case BF16 -> StoredType.BF16;
            case FP64 -> StoredType.F64;
            case FP8_E4M3 -> StoredType.F8_E4M3;
            case FP8_E5M2 -> StoredType.F8_E5M2;
            case UINT8 -> StoredType.U8;
            case INT8 -> StoredType.I8;
            case INT16 -> StoredType.I16;
            case INT32 -> StoredType.I32;
            case INT64 -> StoredType.I64;
            case BOOL -> StoredType.BOOL;
        };
    }

    /** The first failure is the one to report, so a second one here is not. */
    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException ignored) {
            // nothing more can be done
        }
    }
}
