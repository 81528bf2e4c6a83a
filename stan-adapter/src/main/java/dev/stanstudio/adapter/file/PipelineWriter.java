package dev.stanstudio.adapter.file;

import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.text.TextTower;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes adapters of the transformer and of text encoders as diffusers' pipelines do (loaders/
 * lora_pipeline.py, save_lora_weights): one file, modules named after their network, and the
 * settings of each network in the metadata, this program's record beside them.
 */
final class PipelineWriter {
    private PipelineWriter() {}

    /** Returns whether {@code record} is of an adapter that changes a text encoder. */
    static boolean holdsTexts(AdapterRecord record) {
        return record.modules().keySet().stream()
                .anyMatch(module -> TextTower.of(module).isPresent());
    }

    /**
     * Writes the file into {@code folder}.
     *
     * @param targets the transformer's modules as PEFT writes them
     */
    static void write(
            Path folder,
            AdapterRecord record,
            List<SafetensorsWriter.Tensor> tensors,
            List<String> targets) {
        Map<String, Object> fields = new TreeMap<>();
        networks()
                .forEach(
                        network -> {
                            List<String> own = targets(record, network, targets);
                            if (!own.isEmpty()) {
                                String prefix = prefix(network);
                                settings(record, own)
                                        .forEach((key, value) -> fields.put(prefix + key, value));
                            }
                        });
        SafetensorsWriter.write(
                folder.resolve(LoraWriter.PIPELINE),
                Map.of(
                        LoraWriter.SETTINGS,
                        LoraWriter.json(fields),
                        AdapterFolder.RECORD,
                        RecordJson.write(record)),
                tensors.stream().map(PipelineWriter::named).toList());
    }

    private static Stream<Optional<TextTower>> networks() {
        return Stream.concat(
                Stream.of(Optional.empty()), Stream.of(TextTower.values()).map(Optional::of));
    }

    private static String prefix(Optional<TextTower> network) {
        return network.map(TextTower::prefix).orElse(LoraWriter.DIFFUSERS_PREFIX);
    }

    private static List<String> targets(
            AdapterRecord record, Optional<TextTower> network, List<String> transformer) {
        Stream<String> all =
                network.isPresent() ? record.modules().keySet().stream() : transformer.stream();
        return all.filter(module -> TextTower.of(module).equals(network)).toList();
    }

    private static Map<String, Object> settings(AdapterRecord record, List<String> targets) {
        return switch (record.kind().storage()) {
            case PEFT -> LoraWriter.fields(record, targets);
            case COMPOSED ->
                    ComposedWriter.fields(
                            record, targets.stream().map(LoraConfigs::inner).toList());
            case PLAIN, MASKED ->
                    throw new IllegalArgumentException(
                            record.kind().label() + " is not kept for text encoders");
        };
    }

    private static SafetensorsWriter.Tensor named(SafetensorsWriter.Tensor tensor) {
        return TextTower.of(tensor.name()).isPresent()
                ? tensor
                : LoraWriter.prefixed(LoraWriter.DIFFUSERS_PREFIX, tensor);
    }
}
