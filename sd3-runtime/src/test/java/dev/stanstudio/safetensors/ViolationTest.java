package dev.stanstudio.safetensors;

import static dev.stanstudio.safetensors.Crafted.assertViolation;
import static dev.stanstudio.safetensors.Crafted.file;
import static dev.stanstudio.safetensors.Crafted.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One crafted file per way to break the format, each refused for its own reason. */
class ViolationTest {
    private static final String GOOD = tensor("a", "F32", "[2]", "[0,8]");

    @TempDir Path folder;

    static Stream<Arguments> lengths() {
        byte[] good = ("{" + GOOD + "}").getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                arguments(Violation.HEADER_TOO_SMALL, "0 bytes", new byte[0]),
                arguments(Violation.HEADER_TOO_SMALL, "7 bytes", new byte[7]),
                arguments(Violation.HEADER_TOO_LARGE, "100000001", file(100_000_001, good, 8)),
                arguments(Violation.HEADER_TOO_LARGE, "18446744073709551615", file(-1, good, 8)),
                arguments(Violation.INVALID_HEADER_LENGTH, "100000000", file(100_000_000, good, 8)),
                arguments(Violation.INVALID_HEADER_LENGTH, "9 bytes", file(9, new byte[] {'{'}, 0)),
                arguments(Violation.NOT_AN_OBJECT, "0 bytes", file("", 0)),
                arguments(Violation.NOT_AN_OBJECT, "'{'", file(" {}", 0)),
                arguments(Violation.NOT_AN_OBJECT, "'{'", file("[]", 0)),
                arguments(Violation.INCOMPLETE_BUFFER, "7 are there", file(good, 7)),
                arguments(Violation.INCOMPLETE_BUFFER, "1 bytes follow", file(good, 9)),
                arguments(Violation.INCOMPLETE_BUFFER, "3 bytes follow", file("{}", 3)));
    }

    static Stream<Arguments> texts() {
        byte[] latin1 = "{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"a\":{}}".getBytes(StandardCharsets.UTF_16LE);
        return Stream.of(
                arguments(Violation.INVALID_UTF8, "byte 2", file(latin1, 0)),
                arguments(Violation.INVALID_UTF8, "byte 1", file(new byte[] {'{', -1}, 0)),
                arguments(Violation.INVALID_JSON, "JSON", file(utf16, 0)),
                arguments(Violation.INVALID_JSON, "JSON", file("{" + GOOD, 8)),
                arguments(Violation.INVALID_JSON, "JSON", file("{" + GOOD + ",}", 8)),
                arguments(Violation.INVALID_JSON, "more text", file("{" + GOOD + "}{}", 8)),
                arguments(Violation.INVALID_JSON, "JSON", file("{" + GOOD + "}\0\0", 8)),
                arguments(Violation.INVALID_JSON, "surrogate", file("{\"\\ud800\":{}}", 0)),
                arguments(
                        Violation.INVALID_JSON,
                        "surrogate",
                        file("{\"__metadata__\":{\"k\":\"\\udc00\"}}", 0)),
                arguments(
                        Violation.INVALID_JSON,
                        "JSON",
                        file("{\"a\":{\"x\":" + "[".repeat(9_999), 0)),
                arguments(
                        Violation.DUPLICATE_KEY,
                        "\"a\" stands twice in the header",
                        file("{" + GOOD + "," + GOOD + "}", 8)),
                arguments(
                        Violation.DUPLICATE_KEY,
                        "\"k\" stands twice in __metadata__",
                        file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}", 0)),
                arguments(
                        Violation.DUPLICATE_KEY,
                        "\"dtype\" stands twice in tensor \"a\"",
                        file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0)),
                arguments(Violation.BAD_METADATA, "object", file("{\"__metadata__\":[]}", 0)),
                arguments(
                        Violation.BAD_METADATA,
                        "\"step\" is not a string",
                        file("{\"__metadata__\":{\"step\":3}}", 0)));
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                arguments(Violation.BAD_ENTRY, "\"a\" is not an object", "\"a\":7"),
                arguments(Violation.BAD_ENTRY, "no dtype", "\"a\":{}"),
                arguments(Violation.BAD_ENTRY, "no shape", "\"a\":{\"dtype\":\"F32\"}"),
                arguments(
                        Violation.BAD_ENTRY,
                        "no data_offsets",
                        "\"a\":{\"dtype\":\"F32\",\"shape\":[]}"),
                arguments(Violation.BAD_ENTRY, "dtype", "\"a\":{\"dtype\":32}"),
                arguments(Violation.UNKNOWN_DTYPE, "\"F12\"", tensor("a", "F12", "[2]", "[0,3]")),
                arguments(Violation.UNKNOWN_DTYPE, "\"f32\"", tensor("a", "f32", "[2]", "[0,8]")),
                arguments(Violation.BAD_SHAPE, "shape", tensor("a", "F32", "2", "[0,8]")),
                arguments(Violation.BAD_SHAPE, "shape", tensor("a", "F32", "[-2]", "[0,8]")),
                arguments(Violation.BAD_SHAPE, "shape", tensor("a", "F32", "[2.0]", "[0,8]")),
                arguments(Violation.BAD_SHAPE, "shape", tensor("a", "F32", "[\"2\"]", "[0,8]")),
                arguments(Violation.BAD_SHAPE, "shape", tensor("a", "F32", "[[2]]", "[0,8]")),
                arguments(
                        Violation.BAD_SHAPE,
                        "64",
                        tensor("a", "F32", "[" + "1,".repeat(64) + "1]", "[0,4]")));
    }

    static Stream<Arguments> offsets() {
        String huge = "9223372036854775807";
        return Stream.of(
                arguments(Violation.INVALID_OFFSET, "pair", tensor("a", "F32", "[2]", "8")),
                arguments(Violation.INVALID_OFFSET, "pair", tensor("a", "F32", "[2]", "[8]")),
                arguments(Violation.INVALID_OFFSET, "pair", tensor("a", "F32", "[2]", "[0,4,8]")),
                arguments(Violation.INVALID_OFFSET, "pair", tensor("a", "F32", "[2]", "[-8,0]")),
                arguments(
                        Violation.INVALID_OFFSET,
                        "[8, 0)) ends before",
                        tensor("a", "F32", "[2]", "[8,0]")),
                arguments(
                        Violation.INVALID_OFFSET,
                        "hole after byte 0",
                        tensor("a", "F32", "[1]", "[4,8]")),
                arguments(
                        Violation.INVALID_OFFSET,
                        "hole after byte 4",
                        tensor("b", "U8", "[3]", "[5,8]")
                                + ","
                                + tensor("a", "F32", "[1]", "[0,4]")),
                arguments(
                        Violation.INVALID_OFFSET,
                        "which ends at byte 5",
                        tensor("a", "U8", "[5]", "[0,5]")
                                + ","
                                + tensor("b", "F32", "[1]", "[4,8]")),
                arguments(
                        Violation.WRONG_SIZE,
                        "needs 12 bytes but has 8",
                        tensor("a", "F32", "[3]", "[0,8]")),
                arguments(
                        Violation.WRONG_SIZE,
                        "needs 0 bytes but has 8",
                        tensor("a", "F32", "[0,3]", "[0,8]")),
                arguments(
                        Violation.MISALIGNED,
                        "3 values of 4 bits",
                        tensor("a", "F4", "[3]", "[0,8]")),
                arguments(
                        Violation.MISALIGNED,
                        "5 values of 6 bits",
                        tensor("a", "F6_E2M3", "[5]", "[0,8]")),
                arguments(
                        Violation.OVERFLOW,
                        "63 bits",
                        tensor("a", "U8", "[9223372036854775808]", "[0,8]")),
                arguments(
                        Violation.OVERFLOW,
                        "63 bits",
                        tensor("a", "U8", "[8]", "[0,18446744073709551615]")),
                arguments(
                        Violation.OVERFLOW,
                        "larger",
                        tensor("a", "U8", "[4294967296,4294967296]", "[0,8]")),
                arguments(
                        Violation.OVERFLOW,
                        "larger",
                        tensor("a", "F32", "[" + huge + "]", "[0,8]")),
                arguments(
                        Violation.INCOMPLETE_BUFFER,
                        huge,
                        tensor("a", "U8", "[" + huge + "]", "[0," + huge + "]")));
    }

    static Stream<Arguments> foreignFiles() {
        byte[] torchZip = {'P', 'K', 3, 4, 0, 0, 8, 8, 0, 0, 0, 0};
        byte[] plainZip = {'P', 'K', 3, 4, 0, 0, 0, 0, 8, 0, 0, 0};
        byte[] protocol2 = {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, 1, 2, 3, 4};
        byte[] protocol4 = {(byte) 0x80, 4, 'N', '.'};
        byte[] pointer =
                "version https://git-lfs.example/spec/v1\nsize 5000\n"
                        .getBytes(StandardCharsets.US_ASCII);
        return Stream.of(
                arguments(Violation.PICKLE, "a pickle can run code", torchZip),
                arguments(Violation.PICKLE, "only safetensors are read", plainZip),
                arguments(Violation.PICKLE, "only safetensors are read", protocol2),
                arguments(Violation.PICKLE, "only safetensors are read", protocol4),
                arguments(Violation.LFS_POINTER, "git lfs pull", pointer));
    }

    @ParameterizedTest
    @MethodSource({"lengths", "texts", "foreignFiles"})
    void refusesFile(Violation violation, String hint, byte[] bytes) {
        Path file = Crafted.write(folder.resolve("a.safetensors"), bytes);
        String message = assertViolation(violation, file, () -> SafetensorsFile.open(file));
        assertTrue(message.contains(hint), message);
    }

    @ParameterizedTest
    @MethodSource({"entries", "offsets"})
    void refusesHeader(Violation violation, String hint, String tensors) {
        refusesFile(violation, hint, file("{" + tensors + "}", 8));
    }

    @Test
    void refusesWhatIsNoFile() {
        Path missing = folder.resolve("missing.safetensors");
        assertViolation(Violation.NOT_FOUND, missing, () -> SafetensorsFile.open(missing));
        assertViolation(Violation.WRONG_KIND, folder, () -> SafetensorsFile.open(folder));
        assertViolation(Violation.WRONG_KIND, folder, () -> SafetensorsIndex.read(folder));
    }

    @Test
    void readsThroughAnInterruptionThatStaysVisible() {
        Path file = Crafted.write(folder.resolve("a.safetensors"), file("{" + GOOD + "}", 8));
        Thread.currentThread().interrupt();
        SafetensorsFile opened = SafetensorsFile.open(file);
        assertTrue(Thread.interrupted(), "an interrupt must stay visible to the caller");
        TensorInfo tensor = opened.tensors().values().iterator().next();
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteSize());
        Thread.currentThread().interrupt();
        opened.read(tensor, 0, bytes);
        assertTrue(Thread.interrupted());
        assertEquals(0, bytes.remaining());
    }

    @Test
    void namesFromTheFileCannotForgeLines() {
        String name = "x\\n\\u001b[31m\\u202e" + "y".repeat(1000);
        Path file =
                Crafted.write(
                        folder.resolve("a.safetensors"),
                        file("{" + tensor(name, "F32", "[3]", "[0,8]") + "}", 8));
        String message =
                assertViolation(Violation.WRONG_SIZE, file, () -> SafetensorsFile.open(file));
        assertTrue(message.contains("\"x\\u000a\\u001b[31m\\u202eyyy"), message);
        assertTrue(message.length() < 500 + file.toString().length(), message);
    }
}
