package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.NewFolder;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.text.TextTower;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a transformer as diffusers reads it, {@code config.json} beside one safetensors file, and
 * text encoders as transformers does.
 */
public final class MergedTransformer {
    private static final String CONFIG = "config.json";
    private static final String TENSORS = "diffusion_pytorch_model.safetensors";
    private static final String MODEL = "model.safetensors";

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

    /**
     * A network to write.
     *
     * @param component its folder's name in a model, such as {@code text_encoder_2}
     * @param weights its weights
     */
    record Component(String component, Weights weights) {
        private String tensors() {
            return TextTower.ofComponent(component).isPresent() ? MODEL : TENSORS;
        }
    }

    /**
     * Writes folder {@code out} with a folder for each of {@code components}, as {@link
     * #write(Path, Path, Weights, Map)}.
     *
     * @param model the model's folder, whose configurations are copied
     */
    static void write(
            Path out, Path model, List<Component> components, Map<String, String> metadata) {
        NewFolder.write(
                out,
                part -> {
                    for (Component one : components) {
                        Path folder = Files.createDirectory(part.resolve(one.component()));
                        Path config = model.resolve(one.component()).resolve(CONFIG);
                        Files.write(folder.resolve(CONFIG), Files.readAllBytes(config));
                        SafetensorsWriter.write(
                                folder.resolve(one.tensors()),
                                metadata,
                                one.weights().names().stream()
                                        .map(name -> tensor(one.weights(), name))
                                        .toList());
                    }
                });
    }

    private static SafetensorsWriter.Tensor tensor(Weights weights, String name) {
        return StoredTensors.made(
                name, weights.dtype(name), weights.shape(name), scope -> weights.open(scope, name));
    }
}
