package dev.stanstudio.adapter.file;

import dev.stanstudio.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes adapters whose changes are computed, such as DoRA and LoHa, in PEFT's layout. */
final class ComposedWriter {
    private ComposedWriter() {}

    /**
     * Writes {@code adapter_config.json} and {@code adapter_model.safetensors} into {@code folder},
     * the record in the metadata of the tensors.
     */
    static void write(
            Path folder,
            AdapterRecord record,
            List<SafetensorsWriter.Tensor> tensors,
            List<String> targets)
            throws IOException {
        Map<String, Object> fields = fields(record, targets);
        fields.put("auto_mapping", LoraWriter.MAPPING);
        Files.writeString(
                folder.resolve("adapter_config.json"),
                LoraWriter.json(fields),
                StandardCharsets.UTF_8);
        SafetensorsWriter.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of(AdapterFolder.RECORD, RecordJson.write(record)),
                tensors.stream()
                        .map(tensor -> LoraWriter.prefixed(AdapterFolder.PREFIX, tensor))
                        .toList());
    }

    /** Returns the configuration of one network's changes, but for the network's class. */
    static Map<String, Object> fields(AdapterRecord record, List<String> targets) {
        Map<String, Object> fields = new TreeMap<>(record.kind().peftFields());
        fields.put("auto_mapping", null);
        fields.put("base_model_name_or_path", record.baseModel());
        fields.put("inference_mode", true);
        fields.put("target_modules", targets);
        return fields;
    }
}
