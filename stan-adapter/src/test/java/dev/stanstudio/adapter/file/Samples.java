package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.Bits;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Small files made on the spot: tensors, adapters, a model with random weights. */
public final class Samples {
    /** Width 8, two blocks, the first with a second attention. */
    public static final MmditConfig CONFIG =
            new MmditConfig(8, 2, 16, 2, 4, 2, 12, 10, 16, 6, Set.of(0), true);

    private Samples() {}

    /** A tensor of the given numbers; {@code type} is F32, BF16 or F16. */
    public static SafetensorsWriter.Tensor tensor(
            String name, StoredType type, float[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocate((int) type.bytesFor(values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case BF16 -> bytes.putShort(Bits.floatToBf16(value));
                case F16 -> bytes.putShort(Bits.floatToHalf(value));
                default -> throw new IllegalArgumentException(type.fileName());
            }
        }
        return new SafetensorsWriter.Tensor(
                name,
                type,
                Arrays.stream(shape).boxed().toList(),
                channel -> channel.write(bytes.duplicate().flip()));
    }

    /** Tensors of random numbers or, for a LoRA, of whatever the test does not look at. */
    public static SafetensorsWriter.Tensor random(String name, long... shape) {
        return tensor(name, StoredType.F32, numbers(name.hashCode(), shape), shape);
    }

    /** Normal numbers of the given seed. */
    public static float[] numbers(long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** A and B of one module under the given endings. */
    public static List<SafetensorsWriter.Tensor> pair(
            String stem, int rank, int in, int out, String down, String up) {
        return List.of(random(stem + down, rank, in), random(stem + up, out, rank));
    }

    /** A LoRA of the given modules of width 8 → 8, as diffusers writes it. */
    public static Path diffusers(Path folder, String... modules) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String module : modules) {
            tensors.addAll(
                    pair("transformer." + module, 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        }
        return write(folder.resolve("pytorch_lora_weights.safetensors"), Map.of(), tensors);
    }

    /** Writes a safetensors file. */
    public static Path write(
            Path file, Map<String, String> metadata, List<SafetensorsWriter.Tensor> tensors) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        SafetensorsWriter.write(file, metadata, tensors);
        return file;
    }

    /**
     * The model that an adapter is bound to.
     *
     * @param config of its transformer
     */
    public record Base(MmditConfig config, String name, String fingerprint) {}

    /** Writes an adapter of normal numbers for the default modules of a model. */
    public static Path adapter(Path out, AdapterKind kind, Base base, long seed) {
        Map<String, long[]> modules = TargetSelection.DEFAULT.select(base.config());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open("adapter")) {
            RandomSource random = RandomSource.seeded(scope, seed);
            modules.forEach(
                    (module, shape) -> {
                        for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                            long[] own = tensor.shape().stream().mapToLong(n -> n).toArray();
                            tensors.put(
                                    module + "." + tensor.name(),
                                    random.normal(scope, own, DType.FP32));
                        }
                    });
            AdapterRecord record =
                    AdapterRecord.of(kind, modules, base.name(), base.fingerprint(), Map.of());
            AdapterFolder.write(out, record, tensors, List.of());
        }
        return out;
    }

    /** Writes a JSON file. */
    public static void json(Path file, Map<String, ?> fields) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            new ObjectMapper().writeValue(file.toFile(), fields);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A model folder of {@link #CONFIG} that has a transformer and nothing else. */
    public static Path model(Path folder, StoredType type) {
        json(folder.resolve("model_index.json"), Map.of("_class_name", "StableDiffusion3Pipeline"));
        json(
                folder.resolve("transformer/config.json"),
                Map.ofEntries(
                        Map.entry("sample_size", CONFIG.sampleSize()),
                        Map.entry("num_layers", CONFIG.numLayers()),
                        Map.entry("attention_head_dim", CONFIG.attentionHeadDim()),
                        Map.entry("num_attention_heads", CONFIG.numAttentionHeads()),
                        Map.entry("caption_projection_dim", CONFIG.width()),
                        Map.entry("joint_attention_dim", CONFIG.jointAttentionDim()),
                        Map.entry("pooled_projection_dim", CONFIG.pooledProjectionDim()),
                        Map.entry("pos_embed_max_size", CONFIG.posEmbedMaxSize()),
                        Map.entry("dual_attention_layers", CONFIG.dualAttentionLayers()),
                        Map.entry("qk_norm", "rms_norm")));
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        MmditKeys.shapes(CONFIG)
                .forEach(
                        (name, shape) ->
                                tensors.add(
                                        tensor(
                                                name,
                                                type,
                                                numbers(name.hashCode() + 1L, shape),
                                                shape)));
        write(folder.resolve("transformer/diffusion_pytorch_model.safetensors"), Map.of(), tensors);
        return folder;
    }
}
