package dev.stanstudio.scoring.vision;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Folders of small models with random weights, and the weights on Java's side. */
public final class RandomModel {
    public static final String PREPROCESSOR =
            """
            {"image_processor_type": "CLIPImageProcessor", "size": 8, "crop_size": 8}\
            """;

    private RandomModel() {}

    /** Numbers for every shape: near 1 for norms, so that no signal dies, else around 0. */
    public static Map<String, float[]> values(Map<String, long[]> shapes, long seed) {
        Random random = new Random(seed);
        Map<String, float[]> values = new LinkedHashMap<>();
        shapes.forEach(
                (name, shape) -> {
                    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
                    boolean scale = shape.length == 1 && name.endsWith("weight");
                    float[] numbers = new float[(int) count];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = (float) (random.nextGaussian() * 0.3 + (scale ? 1 : 0));
                    }
                    values.put(name, numbers);
                });
        return values;
    }

    /** Writes model.safetensors; every name gets {@code prefix}. */
    public static void writeWeights(
            Path folder, String prefix, Map<String, long[]> shapes, Map<String, float[]> values) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        shapes.forEach(
                (name, shape) -> {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(4 * values.get(name).length)
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(values.get(name));
                    tensors.add(
                            new SafetensorsWriter.Tensor(
                                    prefix + name,
                                    StoredType.F32,
                                    Arrays.stream(shape).boxed().toList(),
                                    TensorSource.of(bytes)));
                });
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
    }

    public static void write(Path folder, String name, String text) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ConfigReader config(String json) {
        try {
            return new ConfigReader("test", new ObjectMapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Shapes of the image tower of a whole CLIP model. */
    public static Map<String, long[]> shapes(VisionConfig config) {
        return VisionKeys.shapes(config);
    }
}
