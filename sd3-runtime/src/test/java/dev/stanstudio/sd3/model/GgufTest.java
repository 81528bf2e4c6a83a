package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.GgufFile;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.Requests;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * GGUF files of an SD3 transformer: the numbers that the Python package gguf reads, or one line.
 */
class GgufTest {
    private static final int CUTS = 64;
    private static final int HEADER = 600;

    @TempDir Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(GgufTest.class.getResource("gguf/" + name)).toURI());
    }

    private static ModelSource tiny() throws URISyntaxException {
        return ModelSource.open(resource("tiny-3.0.gguf"), null, Goldens.own("tiny-3.0"));
    }

    @Test
    void everyTypeIsWidenedAsThePackageDoes() throws URISyntaxException {
        GgufFile file = GgufFile.open(resource("types.gguf"), "sd3");
        try (TensorFiles files = new TensorFiles();
                Goldens.File expected = new Goldens.File(resource("types.safetensors"));
                Scope scope = Scope.open("test")) {
            assertEquals(expected.names(), file.tensors().keySet());
            for (FileTensor tensor : file.tensors().values()) {
                float[] wide =
                        Tensors.to(scope, tensor.open(scope, files), Device.CPU, DType.FP32)
                                .toFloats();
                assertArrayEquals(expected.tensor(tensor.name()).toFloats(), wide, tensor.name());
            }
        }
    }

    @Test
    void everyTensorOfATransformerIsTheOneThatDiffusersMakes()
            throws IOException, URISyntaxException {
        JsonNode hashes = new ObjectMapper().readTree(resource("tiny-3.0.json").toFile());
        Set<String> names = new TreeSet<>();
        hashes.fieldNames().forEachRemaining(names::add);
        try (ModelSource source = tiny();
                ModelSource whole = ModelSource.open(Goldens.own("tiny-3.0"), null, null)) {
            Weights weights = source.transformer();
            assertEquals(whole.transformerConfig(), source.transformerConfig());
            assertEquals(names, new TreeSet<>(weights.names()));
            for (String name : names) {
                try (Scope scope = Scope.open("test")) {
                    byte[] wide =
                            Tensors.to(scope, weights.open(scope, name), Device.CPU, DType.FP32)
                                    .toBytes();
                    Sha256 hash = new Sha256();
                    hash.add(wide);
                    assertEquals(hashes.get(name).asText(), hash.hex(), name);
                }
            }
        }
    }

    /** As files of language models have them; each was read with the 64 KB behind it. */
    @Test
    void hundredsOfThousandsOfTextsAreSkipped() throws IOException {
        int texts = 200_000;
        int length = 100_000;
        ByteBuffer file =
                ByteBuffer.allocate(8 * texts + length + 1000).order(ByteOrder.LITTLE_ENDIAN);
        file.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(0).putLong(2);
        text(file, "tokens");
        file.putInt(9).putInt(8).putLong(texts);
        file.putLong(length).put(new byte[length]);
        for (int i = 1; i < texts; i++) {
            file.putLong(0);
        }
        text(file, "general.architecture");
        file.putInt(8);
        text(file, "t5");
        byte[] written = Arrays.copyOf(file.array(), file.position());
        Path path = Files.write(folder.resolve("t5.gguf"), written);
        UserException e = assertThrows(UserException.class, () -> GgufFile.open(path, "sd3"));
        assertEquals(path + " is a GGUF file of 't5', not of 'sd3'", e.getMessage());
    }

    @Test
    void picturesAreDrawnWidenedAtLoadOrBlockByBlock() throws URISyntaxException {
        byte[] widened = pixels(Offload.NONE, Quantization.NONE);
        assertArrayEquals(widened, pixels(Offload.BLOCKS, Quantization.NONE));
        assertEquals(widened.length, pixels(Offload.NONE, Quantization.INT8).length);
    }

    private static byte[] pixels(Offload offload, Quantization form) throws URISyntaxException {
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, offload, true, form);
        try (Sd3Pipeline pipeline = new Sd3Pipeline(Sd3Model.load(tiny(), options))) {
            return pipeline.generate(Requests.small("a boat", 2, 1L), GenerationListener.SILENT)
                    .get(0)
                    .picture()
                    .samples();
        }
    }

    @Test
    void withoutACompanionTheOptionIsNamed() throws URISyntaxException {
        try (ModelSource source = ModelSource.open(resource("tiny-3.0.gguf"), null, null)) {
            String said = refusal(source::vae);
            assertTrue(said.contains("has no autoencoder") && said.contains("--companion"), said);
        }
    }

    private static String refusal(org.junit.jupiter.api.function.Executable use) {
        String message = String.valueOf(assertThrows(UserException.class, use).getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private String refusalOf(byte[] bytes) throws IOException {
        Path file = folder.resolve("bad.gguf");
        Files.write(file, bytes);
        String said = refusal(() -> ModelSource.open(file, null, null));
        assertTrue(said.contains("bad.gguf"), said);
        return said;
    }

    @Test
    void aFileThatIsCutOffAnywhereIsRefused() throws IOException, URISyntaxException {
        byte[] whole = Files.readAllBytes(resource("tiny-3.0.gguf"));
        for (int length : new int[] {4, 7, 23, 40, 200, 1000, 5000, whole.length / 2}) {
            String said = refusalOf(Arrays.copyOf(whole, length));
            assertTrue(said.contains("get the file again") || said.contains("more than"), said);
        }
        String said = refusalOf(Arrays.copyOf(whole, whole.length - 4096));
        assertTrue(said.contains("takes bytes"), said);
    }

    @ParameterizedTest
    @CsvSource({
        "flux, 1, 64, 0, of 'flux'",
        "sd3, 1, 64, 10, as Q2_K",
        "sd3, 1, 64, 99, as type 99",
        "sd3, 1, 40, 8, blocks hold 32",
        "sd3, 1, -5, 0, the shape [-5]",
        "sd3, 1, 4611686018427387904, 0, the shape [4611686018427387904]",
        "sd3, 90, 64, 0, has 90 axes",
        "sd3, 1, 640, 0, takes bytes",
        "sd3, 1, 64, 0, it is not a Stable Diffusion 3 checkpoint",
    })
    void whatIsNotReadIsNamed(String architecture, int axes, long size, int type, String words)
            throws IOException {
        String said = refusalOf(file(3, architecture, axes, size, type));
        assertTrue(said.contains(words), said);
    }

    @Test
    void otherVersionsAndOrdersOfBytesAreNamed() throws IOException {
        for (int version : new int[] {1, 4, Integer.reverseBytes(3)}) {
            String said = refusalOf(file(version, "sd3", 1, 64, 0));
            assertTrue(said.contains("only 2 and 3, little-endian"), said);
        }
    }

    /** A file with one key and one tensor of one axis, and 256 bytes of numbers. */
    private static byte[] file(int version, String architecture, int axes, long size, int type) {
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(version).putLong(1).putLong(1);
        text(out, "general.architecture");
        out.putInt(8);
        text(out, architecture);
        text(out, "x_embedder.proj.bias");
        out.putInt(axes).putLong(size).putInt(type).putLong(0);
        int data = (out.position() + 31) / 32 * 32;
        return Arrays.copyOf(out.array(), data + 256);
    }

    private static void text(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putLong(bytes.length).put(bytes);
    }

    /** Reads all that a file claims to hold; what is wrong with it is one line. */
    private static boolean isRead(Path file) {
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("damaged")) {
            for (FileTensor tensor : GgufFile.open(file, "sd3").tensors().values()) {
                tensor.sample(4096);
                scope.release(tensor.open(scope, files));
            }
            return true;
        } catch (UserException e) {
            String message = String.valueOf(e.getMessage());
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.contains(file.toString()), message);
            return false;
        }
    }

    @Test
    void damagedFilesAreReadOrRefusedInOneLine() throws IOException, URISyntaxException {
        byte[] whole = Files.readAllBytes(resource("types.gguf"));
        Path file = folder.resolve("damaged.gguf");
        int refused = 0;
        int rounds = 0;
        for (int part = 0; part < CUTS; part++) {
            Files.write(file, Arrays.copyOf(whole, (int) ((long) whole.length * part / CUTS)));
            assertFalse(isRead(file), "cut at " + part);
        }
        int header = Math.min(whole.length, HEADER);
        for (int at = 0; at < header; at++) {
            for (int change : new int[] {0x01, 0x80, 0xFF}) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) change;
                Files.write(file, damaged);
                refused += isRead(file) ? 0 : 1;
                rounds++;
            }
        }
        System.out.printf("gguf: %d of %d damaged headers refused%n", refused, rounds);
        assertTrue(refused > rounds / 10, refused + " of " + rounds);
    }
}
