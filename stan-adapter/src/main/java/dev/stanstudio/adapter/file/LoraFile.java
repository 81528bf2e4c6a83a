package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A LoRA file and what it holds. Only headers and α are read; the tensors stay in the file until
 * they are opened. Immutable and thread-safe; {@link #close()} gives up the file, tensors already
 * opened stay.
 *
 * @param path the safetensors file
 * @param format who wrote it
 * @param adapter what it adds to the transformer
 * @param textEncoders modules changed in text encoders, by {@code text_encoder}, {@code
 *     text_encoder_2} or {@code text_encoder_3}; the adapter does not hold them
 * @param unknownKeys tensors of no form of LoRA that this program supports
 * @param unknownSettings fields of its configuration that say something and are not known here
 * @param parameters numbers in the A and B of the transformer, each stored number counted once
 * @param bytes length of the file
 * @param baseModel the model it was trained on, if the file says so
 * @param metadata the {@code __metadata__} block of the file
 * @param tensors the file's maps
 */
public record LoraFile(
        Path path,
        LoraFormat format,
        LoraAdapter adapter,
        Map<String, List<String>> textEncoders,
        List<String> unknownKeys,
        List<String> unknownSettings,
        long parameters,
        long bytes,
        Optional<String> baseModel,
        Map<String, String> metadata,
        TensorFiles tensors)
        implements AutoCloseable {
    /** Keeps copies of the collections. */
    public LoraFile {
        textEncoders = Collections.unmodifiableMap(new TreeMap<>(textEncoders));
        unknownKeys = List.copyOf(unknownKeys);
        unknownSettings = List.copyOf(unknownSettings);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads a LoRA: a PEFT folder, a folder with {@code pytorch_lora_weights.safetensors} or with a
     * single safetensors file, or such a file itself.
     *
     * @throws UserException if there is none, it is a pickle, its parts do not fit together, or it
     *     needs what this program does not do (DoRA, trained biases); the message says which
     */
    public static LoraFile open(Path path) {
        return LoraReader.read(LoraLocation.find(path));
    }

    /** Lists what the file holds beside the transformer's part, which is not applied. */
    public List<LeftOut> leftOut() {
        return LeftOut.of(textEncoders, unknownKeys, unknownSettings);
    }

    /**
     * SHA-256 of the whole file in hexadecimal: the adapter's identity.
     *
     * @throws UserException if the file cannot be read
     */
    public String sha256() {
        return Sha256.ofFile(path);
    }

    @Override
    public void close() {
        tensors.close();
    }
}
