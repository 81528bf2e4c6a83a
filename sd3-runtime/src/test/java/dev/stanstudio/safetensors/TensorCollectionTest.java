package dev.stanstudio.safetensors;

import static dev.stanstudio.safetensors.Crafted.assertViolation;
import static dev.stanstudio.safetensors.Crafted.file;
import static dev.stanstudio.safetensors.Crafted.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorCollectionTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir Path folder;

    private Path put(String name, String text) {
        return Crafted.write(folder.resolve(name), text);
    }

    /** A safetensors file of one byte tensor called {@code tensor}. */
    private Path putFile(String name, String tensor) {
        String header = "{" + tensor(tensor, "U8", "[1]", "[0,1]") + "}";
        return Crafted.write(folder.resolve(name), file(header, 1));
    }

    private Path putIndex(String name, String total, String map) {
        return put(name, "{\"metadata\":{" + total + "},\"weight_map\":{" + map + "}}");
    }

    private Path putTwoShards() {
        putFile("1.safetensors", "a");
        putFile("2.safetensors", "b");
        return putIndex(
                INDEX, "\"total_size\":2", "\"b\":\"2.safetensors\",\"a\":\"1.safetensors\"");
    }

    @Test
    void unitesShards() {
        TensorCollection all = TensorCollection.open(putTwoShards());
        assertEquals(List.of("a", "b"), List.copyOf(all.tensors().keySet()));
        assertEquals(folder.resolve("2.safetensors"), all.tensor("b").file().path());
        ByteBuffer one = ByteBuffer.allocate(1);
        all.tensor("b").read(0, one);
        assertEquals(0, one.remaining());
        assertEquals(2, all.files().size());
        all.verifyUnchanged();
        String message =
                assertViolation(Violation.MISSING_TENSOR, all.source(), () -> all.tensor("c"));
        assertTrue(message.contains("\"c\" among its 2"), message);
        putFile("2.safetensors", "longer");
        assertViolation(Violation.CHANGED, folder.resolve("2.safetensors"), all::verifyUnchanged);
    }

    @ParameterizedTest
    @CsvSource({
        "fp16, model.safetensors.index.fp16.json",
        "fp16, model.safetensors.fp16.index.json",
        "fp16, model.fp16.safetensors",
        "fp16, model.safetensors.index.json",
        "fp16, model.safetensors",
        ",     model.safetensors.index.json",
        ",     model.safetensors"
    })
    void findsTheFirstThatExists(String variant, String expected) throws IOException {
        List<String> order =
                List.of(
                        "model.safetensors.index.fp16.json",
                        "model.safetensors.fp16.index.json",
                        "model.fp16.safetensors",
                        "model.safetensors.index.json",
                        "model.safetensors");
        putFile("shard.safetensors", "x");
        for (String name : order) {
            if (name.endsWith(".json")) {
                putIndex(name, "", "\"x\":\"shard.safetensors\"");
            } else {
                putFile(name, "x");
            }
        }
        for (String name : order.subList(0, order.indexOf(expected))) {
            if (variant != null) {
                Files.delete(folder.resolve(name));
            }
        }
        if (variant == null && expected.equals("model.safetensors")) {
            Files.delete(folder.resolve("model.safetensors.index.json"));
        }
        TensorCollection found = TensorCollection.open(folder, "model", variant);
        assertEquals(folder.resolve(expected), found.source());
        assertEquals(1, found.tensors().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.bin", "model.fp16.bin", "model.bin.index.json", "model.ckpt"})
    void refusesAFolderOfPickles(String name) {
        put(name, "anything");
        String message =
                assertViolation(
                        Violation.PICKLE,
                        folder,
                        () -> TensorCollection.open(folder, "model", null));
        assertTrue(message.contains("has only " + name), message);
        assertTrue(message.contains("a pickle can run code"), message);
    }

    @Test
    void saysWhatLiesThereInstead() {
        put("model-00001-of-00002.bin", "anything");
        putFile("model.fp16.safetensors", "x");
        String message =
                assertViolation(
                        Violation.NOT_FOUND,
                        folder,
                        () -> TensorCollection.open(folder, "model", null));
        assertTrue(message.contains("model.fp16.safetensors; name its variant"), message);
        String empty =
                assertViolation(
                        Violation.NOT_FOUND,
                        folder,
                        () -> TensorCollection.open(folder, "other", "fp16"));
        assertTrue(empty.contains("other.fp16.safetensors"), empty);
    }

    @Test
    void refusesBadFoldersAndVariants() {
        Path missing = folder.resolve("missing");
        Path file = putFile("model.safetensors", "x");
        assertViolation(
                Violation.NOT_FOUND, missing, () -> TensorCollection.open(missing, "model", null));
        assertViolation(
                Violation.WRONG_KIND, file, () -> TensorCollection.open(file, "model", null));
        assertViolation(
                Violation.BAD_VARIANT,
                folder,
                () -> TensorCollection.open(folder, "model", "../fp16"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BAD_INDEX             | []",
                "BAD_INDEX             | {}",
                "BAD_INDEX             | {\"weight_map\":{}}",
                "BAD_INDEX             | {\"weight_map\":[]}",
                "BAD_INDEX             | {\"weight_map\":{\"a\":1}}",
                "BAD_INDEX             | {\"metadata\":{\"total_size\":\"2\"}}",
                "BAD_INDEX             | {\"metadata\":{\"total_size\":2.5}}",
                "BAD_INDEX             | {\"metadata\":{\"total_size\":1e999999999}}",
                "BAD_INDEX             | {\"metadata\":{\"total_size\":18446744073709551615}}",
                "INVALID_JSON          | {\"weight_map\":{\"a\":\"1.safetensors\"}",
                "DUPLICATE_KEY         | {\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"1\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"../1.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"/tmp/1.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"sub/1.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"..\\\\1.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"C:1.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"1\\u0000.safetensors\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"..\"}}",
                "UNSAFE_SHARD_NAME     | {\"weight_map\":{\"a\":\"\"}}",
                "SHARD_NOT_SAFETENSORS | {\"weight_map\":{\"a\":\"1.bin\"}}"
            })
    void refusesIndexText(Violation violation, String text) {
        Path index = put(INDEX, text);
        assertViolation(violation, index, () -> SafetensorsIndex.read(index));
    }

    @Test
    void refusesShardsThatDoNotFit() {
        Path index = putTwoShards();
        String both = "\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"";
        putIndex(INDEX, "\"total_size\":3", both);
        assertRefused(Violation.WRONG_TOTAL_SIZE, index, "3 bytes, the shards hold 2");
        putIndex(INDEX, "", both + ",\"c\":\"1.safetensors\"");
        assertRefused(Violation.TENSOR_NOT_IN_SHARD, index, "\"1.safetensors\" lacks tensor \"c\"");
        putIndex(INDEX, "", "\"a\":\"1.safetensors\",\"c\":\"3.safetensors\"");
        assertRefused(Violation.MISSING_SHARD, index, "\"3.safetensors\" is not there");
        putIndex(INDEX, "", both);
        putFile("3.safetensors", "a");
        putIndex(INDEX, "", both + ",\"c\":\"3.safetensors\"");
        assertRefused(Violation.TENSOR_NOT_IN_SHARD, index, "\"c\"");
        Crafted.write(
                folder.resolve("2.safetensors"),
                file(
                        "{"
                                + tensor("b", "U8", "[1]", "[0,1]")
                                + ","
                                + tensor("extra", "U8", "[1]", "[1,2]")
                                + "}",
                        2));
        putIndex(INDEX, "", both);
        assertRefused(Violation.TENSOR_NOT_IN_INDEX, index, "\"extra\"");
    }

    private static void assertRefused(Violation violation, Path index, String hint) {
        String message = assertViolation(violation, index, () -> TensorCollection.open(index));
        assertTrue(message.contains(hint), message);
    }

    @Test
    void acceptsWhatWritersAdd() {
        putTwoShards();
        Path index =
                put(
                        INDEX,
                        "{\"metadata\":{\"total_size\":2.0,\"total_parameters\":[2]},\"v\":{},"
                            + "\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
        assertEquals(2, TensorCollection.open(index).tensors().size());
        assertEquals(2, SafetensorsIndex.read(index).totalSize().orElseThrow());
    }
}
