package dev.stanstudio.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written by the reference library: read, written again and compared byte by byte. */
class GoldensTest {
    private static final String SUFFIX = ".safetensors";
    private static final String CLIP = "text_encoders.clip_l.transformer.";
    private static final String T5 = "text_encoders.t5xxl.transformer.";

    @TempDir Path folder;
    private Path goldens = Path.of("");

    @BeforeEach
    void requireGoldens() {
        goldens = Path.of(System.getProperty("studio.goldens", ""));
        boolean there = Files.isDirectory(goldens.resolve("tiny-sd3"));
        if (!there) {
            System.out.println("GoldensTest skipped: no reference outputs at " + goldens);
        }
        Assumptions.assumeTrue(there, "no reference outputs at " + goldens);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(goldens)) {
            return all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    @Test
    void everyFileIsReadAndWrittenBack() throws IOException {
        int identical = 0;
        Map<StoredType, Integer> types = new TreeMap<>();
        for (Path golden : files()) {
            SafetensorsFile file = SafetensorsFile.open(golden);
            assertTrue(!file.tensors().isEmpty(), golden.toString());
            file.tensors().values().forEach(t -> types.merge(t.type(), 1, Integer::sum));
            Path copy = folder.resolve("copy.safetensors");
            SafetensorsWriter.write(copy, file.metadata(), contents(file));
            SafetensorsFile back = SafetensorsFile.open(copy);
            assertEquals(file.tensors(), back.tensors(), golden.toString());
            if (file.metadata().equals(Map.of("format", "pt"))) {
                assertEquals(-1, Files.mismatch(golden, copy), golden.toString());
                identical++;
            } else {
                assertArrayEquals(data(file), data(back), golden.toString());
            }
        }
        System.out.printf(
                "goldens: %d files of %s, %d rewritten byte for byte%n",
                files().size(), types, identical);
        assertTrue(identical > 0, "no file with the plain metadata");
        assertTrue(types.keySet().containsAll(List.of(StoredType.F32, StoredType.BF16)));
    }

    private static List<SafetensorsWriter.Tensor> contents(SafetensorsFile file) {
        return file.tensors().values().stream()
                .map(
                        info ->
                                new SafetensorsWriter.Tensor(
                                        info.name(),
                                        info.type(),
                                        info.shape(),
                                        TensorSource.of(
                                                Crafted.bytes(new StoredTensor(file, info)))))
                .toList();
    }

    private static byte[] data(SafetensorsFile file) throws IOException {
        byte[] bytes = Files.readAllBytes(file.path());
        return Arrays.copyOfRange(bytes, (int) file.dataOffset(), bytes.length);
    }

    @Test
    void foldersAreFoundShardedOrNot() {
        Path sharded = goldens.resolve("tiny-sd3.5").resolve("transformer");
        TensorCollection transformer =
                TensorCollection.open(sharded, "diffusion_pytorch_model", "fp16");
        assertEquals(3, transformer.files().size());
        assertEquals(159, transformer.tensors().size());
        Path single = goldens.resolve("tiny-sd3").resolve("text_encoder");
        assertEquals(1, TensorCollection.open(single, "model", null).files().size());
    }

    private TensorCollection narrow() {
        return TensorCollection.open(
                goldens.resolve("single-file").resolve("tiny_sd3_incl_clips_t5xxlfp8.safetensors"));
    }

    @Test
    void fp16CopiesAreTheRoundedWideTensors() {
        TensorCollection single = narrow();
        int values = 0;
        for (StoredTensor wide : tensors("text_encoder")) {
            String name = CLIP + wide.info().name();
            if (single.tensors().containsKey(name)) {
                ByteBuffer halves = ByteBuffer.allocate((int) wide.info().elements() * Short.BYTES);
                for (float value : floats(wide)) {
                    halves.putShort(Short.reverseBytes(Bits.floatToHalf(value)));
                }
                assertEquals(halves.flip(), Crafted.bytes(single.tensor(name)), name);
                values += halves.limit() / Short.BYTES;
            }
        }
        System.out.printf("fp16: %d values bit for bit%n", values);
        assertTrue(values > 0, "no tensor of the text encoder found");
    }

    @Test
    void fp8CopiesAreNearestToTheWideTensors() {
        TensorCollection single = narrow();
        double worst = 0;
        for (StoredTensor wide : tensors("text_encoder_3")) {
            float[] values = floats(wide);
            float[] eighths = floats(single.tensor(T5 + wide.info().name()));
            for (int i = 0; i < values.length; i++) {
                double halfStep = Math.max(Math.abs(values[i]), 0x1p-6) * 0x1p-4;
                worst = Math.max(worst, Math.abs(eighths[i] - values[i]) / halfStep);
            }
        }
        System.out.printf("fp8: worst error %.4f half steps%n", worst);
        assertTrue(worst > 0 && worst <= 1, "fp8 value is not the nearest: " + worst);
    }

    private Iterable<StoredTensor> tensors(String component) {
        Path folder = goldens.resolve("tiny-sd3").resolve(component);
        return TensorCollection.open(folder, "model", null).tensors().values();
    }

    private static float[] floats(StoredTensor tensor) {
        TensorInfo info = tensor.info();
        return Bits.toFloats(Crafted.bytes(tensor), info.type(), Math.toIntExact(info.elements()));
    }
}
