package dev.stanstudio.adapter.file;

import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes adapter folders. A LoRA's is exactly PEFT's, with this program's record in the metadata of
 * its tensors; other kinds have the record as their {@code adapter_config.json}. Where text
 * encoders are changed too, the folder of either is that of a pipeline ({@link PipelineWriter}).
 */
public final class AdapterFolder {
    static final String CONFIG = "adapter_config.json";
    static final String TENSORS = "adapter_model.safetensors";

    /** Key of the record in the metadata of a LoRA's tensors. */
    static final String RECORD = "stan_studio";

    /** Prefix of keys, as PEFT's. */
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
        write(out, record, stored(record, tensors), targets);
    }

    private static List<SafetensorsWriter.Tensor> stored(
            AdapterRecord record, Map<String, Tensor> tensors) {
        return switch (record.kind().storage()) {
            case MASKED -> SparseStorage.pack(record.modules().keySet(), tensors);
            case PLAIN, PEFT, COMPOSED ->
                    tensors.entrySet().stream()
                            .map(entry -> StoredTensors.of(entry.getKey(), entry.getValue()))
                            .toList();
        };
    }

    /**
     * Writes a folder as {@link #write(Path, AdapterRecord, Map, List)}, with tensors that are made
     * while they are written.
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
     * Returns the stored tensors of a sparse change.
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
        if (PipelineWriter.holdsTexts(record)) {
            PipelineWriter.write(folder, record, tensors, targets);
            return;
        }
        switch (record.kind().storage()) {
            case PEFT -> LoraWriter.peft(folder, record, tensors, targets);
            case COMPOSED -> ComposedWriter.write(folder, record, tensors, targets);
            case PLAIN, MASKED -> fill(folder, record, tensors);
        }
    }

    /**
     * Returns the file of the tensors in {@code folder}, whichever layout it has; that of most
     * adapters where there is none.
     */
    public static Path tensors(Path folder) {
        Path pipeline = folder.resolve(LoraWriter.PIPELINE);
        return Files.isRegularFile(pipeline) ? pipeline : folder.resolve(TENSORS);
    }

    private static void fill(
            Path folder, AdapterRecord record, List<SafetensorsWriter.Tensor> tensors)
            throws IOException {
        String json = RecordJson.write(record);
        Files.writeString(folder.resolve(CONFIG), json + "\n", StandardCharsets.UTF_8);
        SafetensorsWriter.write(
                folder.resolve(TENSORS),
                Map.of(),
                tensors.stream().map(tensor -> LoraWriter.prefixed(PREFIX, tensor)).toList());
    }
}
