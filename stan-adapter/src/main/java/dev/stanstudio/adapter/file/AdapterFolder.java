package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
     *     dev.stanstudio.adapter.kind.TargetSelection#peftNames})
     * @throws dev.stanstudio.base.UserException if {@code out} exists or cannot be written
     */
    public static void write(
            Path out, AdapterRecord record, Map<String, Tensor> tensors, List<String> targets) {
        List<SafetensorsWriter.Tensor> stored = new ArrayList<>();
        if (record.kind() instanceof SparseMask) {
            stored.addAll(SparseStorage.pack(record.modules().keySet(), tensors));
        } else {
            tensors.forEach((name, tensor) -> stored.add(StoredTensors.of(name, tensor)));
        }
        write(out, record, stored, targets);
    }

    /**
     * As {@link #write(Path, AdapterRecord, Map, List)}, with tensors that are made while they are
     * written.
     *
     * @param tensors named as above; for a sparse mask those of {@link #sparse}
     */
    public static void write(
            Path out,
            AdapterRecord record,
            List<SafetensorsWriter.Tensor> tensors,
            List<String> targets) {
        NewFolder.write(out, part -> fill(part, record, tensors, targets));
    }

    /**
     * What is stored of a sparse change.
     *
     * @param change of the module's weight [out, in]; what is zero is not kept
     */
    public static List<SafetensorsWriter.Tensor> sparse(String module, Tensor change) {
        float[] values = change.toFloats();
        return SparseStorage.pack(module, values, values);
    }

    private static void fill(
            Path folder,
            AdapterRecord record,
            List<SafetensorsWriter.Tensor> tensors,
            List<String> targets)
            throws IOException {
        String json = RecordJson.write(record);
        if (record.kind() instanceof Lora lora) {
            LoraWriter.Content content =
                    new LoraWriter.Content(lora, targets, record.baseModel(), tensors);
            LoraWriter.peft(folder, content, Map.of(RECORD, json));
            return;
        }
        Files.writeString(folder.resolve(CONFIG), json + "\n", StandardCharsets.UTF_8);
        SafetensorsWriter.write(
                folder.resolve(TENSORS),
                Map.of(),
                tensors.stream().map(tensor -> LoraWriter.prefixed(PREFIX, tensor)).toList());
    }
}
