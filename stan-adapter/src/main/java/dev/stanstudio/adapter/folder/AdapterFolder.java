package dev.stanstudio.adapter.folder;

import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.lora.LoraWriter;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes adapter folders. A LoRA's is exactly PEFT's, with this program's record in the metadata of
 * its tensors; other kinds have the record as their {@code adapter_config.json}.
 */
public final class AdapterFolder {
    static final String CONFIG = "adapter_config.json";
    static final String TENSORS = "adapter_model.safetensors";

    /** Key of the record in the metadata of a LoRA's tensors. */
    static final String RECORD = "stan_studio";

    /** What keys begin with, as PEFT's. */
    static final String PREFIX = "base_model.model.";

    private AdapterFolder() {}

    /**
     * Writes folder {@code out}; it appears only when it is complete.
     *
     * @param out a folder that does not exist yet
     * @param tensors by {@code <module>.<tensor>} as the kind names them; for a sparse mask both
     *     the change and the mask
     * @param targets names of the modules as PEFT writes them ({@link
     *     dev.stanstudio.adapter.targets.TargetSelection#peftNames})
     * @throws UserException if {@code out} exists or cannot be written
     */
    public static void write(
            Path out, AdapterRecord record, Map<String, Tensor> tensors, List<String> targets) {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target)) {
            throw new UserException(out + " exists already; name a new folder");
        }
        Path part = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(parent);
            Files.createDirectory(part);
            fill(part, record, tensors, targets);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(out + " cannot be written: " + e, e);
        } finally {
            delete(part);
        }
    }

    private static void fill(
            Path folder, AdapterRecord record, Map<String, Tensor> tensors, List<String> targets)
            throws IOException {
        String json = RecordJson.write(record);
        if (record.kind() instanceof Lora lora) {
            LoraWriter.Content content =
                    new LoraWriter.Content(lora, targets, record.baseModel(), tensors);
            LoraWriter.peft(folder, content, Map.of(RECORD, json));
            return;
        }
        Files.writeString(folder.resolve(CONFIG), json + "\n", StandardCharsets.UTF_8);
        List<SafetensorsWriter.Tensor> stored = new ArrayList<>();
        if (record.kind() instanceof SparseMask) {
            stored.addAll(SparseStorage.pack(record.modules().keySet(), tensors));
        } else {
            tensors.forEach((name, tensor) -> stored.add(LoraWriter.tensor(PREFIX + name, tensor)));
        }
        SafetensorsWriter.write(folder.resolve(TENSORS), Map.of(), stored);
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
