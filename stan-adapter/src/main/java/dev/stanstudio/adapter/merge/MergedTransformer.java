package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.NewFolder;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
     * @throws dev.stanstudio.base.UserException if {@code out} exists or cannot be written
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; nothing is
     *     left behind
     */
    public static void write(Path out, Path config, Weights weights, Map<String, String> metadata) {
        NewFolder.write(
                out,
                part -> {
                    Files.write(part.resolve(CONFIG), Files.readAllBytes(config));
                    SafetensorsWriter.write(
                            part.resolve(TENSORS),
                            metadata,
                            weights.names().stream().map(name -> tensor(weights, name)).toList());
                });
    }

    private static SafetensorsWriter.Tensor tensor(Weights weights, String name) {
        return StoredTensors.made(
                name, weights.dtype(name), weights.shape(name), scope -> weights.open(scope, name));
    }
}
