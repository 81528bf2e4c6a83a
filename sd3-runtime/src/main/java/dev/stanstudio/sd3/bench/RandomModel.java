package dev.stanstudio.sd3.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.model.ConfigJson;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.VaeKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a diffusers folder of random weights, streaming, with a few megabytes in memory. */
final class RandomModel {
    private static final long CHUNK = 1 << 22;
    private static final double PUBLISHED_SHIFT = 3.0;
    private static final String DIFFUSERS_FILE = "diffusion_pytorch_model.safetensors";
    private static final String TRANSFORMERS_FILE = "model.safetensors";
    private final Path folder;
    private final DType dtype;
    private final RandomNumbers numbers;

    private RandomModel(Path folder, DType dtype, RandomNumbers numbers) {
        this.folder = folder;
        this.dtype = dtype;
        this.numbers = numbers;
    }

    /**
     * Writes the model.
     *
     * @param folder made if it is missing; must be empty
     * @param tokenizers a diffusers folder whose tokenizers are copied
     * @throws UserException if the folder holds files, or a tokenizer is missing
     */
    static void write(
            Path folder, MmditConfig config, DType dtype, Path tokenizers, boolean withT5) {
        List<String> names = new ArrayList<>(List.of("tokenizer", "tokenizer_2"));
        if (withT5) {
            names.add("tokenizer_3");
        }
        for (String name : names) {
            if (!Files.isDirectory(tokenizers.resolve(name))) {
                throw new UserException("--tokenizers " + tokenizers + " has no folder " + name);
            }
        }
        try (RandomNumbers numbers = new RandomNumbers()) {
            requireEmpty(folder);
            RandomModel model = new RandomModel(folder, dtype, numbers);
            for (String name : names) {
                copy(tokenizers.resolve(name), folder.resolve(name));
            }
            model.components(config, withT5);
        } catch (IOException e) {
            throw new UserException(folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new UserException(
                        folder + " is not empty; name a new folder for --write-model");
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        to.resolve(file.getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void components(MmditConfig config, boolean withT5) throws IOException {
        component(
                "transformer",
                DIFFUSERS_FILE,
                ConfigJson.transformer(config),
                MmditKeys.shapes(config));
        component(
                "vae",
                DIFFUSERS_FILE,
                ConfigJson.vae(PublishedParts.VAE),
                VaeKeys.shapes(PublishedParts.VAE));
        component(
                "text_encoder",
                TRANSFORMERS_FILE,
                ConfigJson.clip(PublishedParts.CLIP_L),
                ClipTextEncoder.shapes(PublishedParts.CLIP_L));
        component(
                "text_encoder_2",
                TRANSFORMERS_FILE,
                ConfigJson.clip(PublishedParts.CLIP_G),
                ClipTextEncoder.shapes(PublishedParts.CLIP_G));
        if (withT5) {
            component(
                    "text_encoder_3",
                    TRANSFORMERS_FILE,
                    ConfigJson.t5(PublishedParts.T5),
                    T5Encoder.shapes(PublishedParts.T5));
        }
        json("scheduler", "scheduler_config.json", ConfigJson.scheduler(PUBLISHED_SHIFT));
        json("", "model_index.json", ConfigJson.index(withT5));
    }

    private void component(String name, String file, ObjectNode config, Map<String, long[]> shapes)
            throws IOException {
        json(name, "config.json", config);
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        shapes.forEach((key, shape) -> tensors.add(tensor(key, shape)));
        SafetensorsWriter.write(folder.resolve(name).resolve(file), Map.of(), tensors);
    }

    private void json(String name, String file, ObjectNode content) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Json.PLAIN
                .writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve(name).resolve(file).toFile(), content);
    }

    private SafetensorsWriter.Tensor tensor(String name, long[] shape) {
        List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
        return new SafetensorsWriter.Tensor(name, stored(), sizes, source(name, shape));
    }

    private StoredType stored() {
        return switch (dtype) {
            case FP32 -> StoredType.F32;
            case FP16 -> StoredType.F16;
            case BF16 -> StoredType.BF16;
            default -> throw new UserException("--dtype of a model is fp32, fp16 or bf16");
        };
    }

    private TensorSource source(String name, long[] shape) {
        long count = java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return out -> {
            for (long from = 0; from < count; from += CHUNK) {
                try (Scope scope = Scope.open(name)) {
                    long part = Math.min(CHUNK, count - from);
                    ByteBuffer bytes =
                            ByteBuffer.wrap(
                                    numbers.flat(scope, name, shape, dtype, from, part).toBytes());
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                }
            }
        };
    }
}
