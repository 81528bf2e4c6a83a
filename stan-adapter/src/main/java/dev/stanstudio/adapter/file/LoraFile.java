package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.KindName;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A LoRA file and what it holds. Only headers and α are read; the tensors stay in the file until
 * they are opened. Immutable and thread-safe; {@link #close()} gives up the file, tensors already
 * opened stay.
 *
 * @param path the safetensors file
 * @param format who wrote it
 * @param adapter what it adds to the transformer and the text encoders as A and B
 * @param changes changes of other modules that are no plain LoRA, by path
 * @param textEncoders modules of text encoders that no layer is called as, by {@code text_encoder},
 *     {@code text_encoder_2} or {@code text_encoder_3}; the adapter does not hold them
 * @param unknownKeys tensors of no form of LoRA that this program supports
 * @param unknownSettings fields of its configuration that say something and are not known here
 * @param parameters numbers of what it adds, each stored number counted once
 * @param bytes length of the file
 * @param baseModel the model it was trained on, if the file says so
 * @param metadata the {@code __metadata__} block of the file
 * @param tensors reads the file
 */
public record LoraFile(
        Path path,
        LoraFormat format,
        LoraAdapter adapter,
        Map<String, ModuleChange> changes,
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
        changes = Collections.unmodifiableMap(new TreeMap<>(changes));
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
     *     needs what this program does not do (biases beside A and B); the message says which
     */
    public static LoraFile open(Path path) {
        return LoraReader.read(LoraLocation.find(path));
    }

    /** Returns the names of the kinds that its modules have, such as {@code lokr}. */
    public String kinds() {
        Set<String> kinds = new TreeSet<>();
        if (changes.isEmpty() || !adapter.targets().isEmpty()) {
            kinds.add(KindName.LORA.label());
        }
        changes.values().forEach(one -> kinds.add(one.change().label()));
        return String.join(" and ", kinds);
    }

    /**
     * Makes sure that it was made for a model of this family.
     *
     * @throws UserException that names the other one
     */
    void requireFamily() {
        ForeignNames.refuse(path, adapter.targets().keySet());
        ForeignNames.refuse(path, changes.keySet());
        ForeignNames.refuse(path, unknownKeys);
    }

    /** Returns whether all it holds are plain LoRAs. */
    public boolean isPlain() {
        return changes.isEmpty();
    }

    /**
     * Makes sure that a LoRA file can hold all of it.
     *
     * @throws UserException that says what to do instead
     */
    public void requirePlain() {
        if (!isPlain()) {
            throw new UserException(
                    "%s is %s, which no LoRA file can hold; 'studio adapter merge --model' writes a model with it, and merge --rank the nearest LoRA of kinds that do not follow from the model's weights"
                            .formatted(path, kinds()));
        }
    }

    /** Lists what the file holds beside the adapter, which is not applied. */
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
