package dev.stanstudio.safetensors;

import static dev.stanstudio.safetensors.Crafted.assertViolation;
import static dev.stanstudio.safetensors.Crafted.file;
import static dev.stanstudio.safetensors.Crafted.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir Path folder;
    private Path path = Path.of("");

    @BeforeEach
    void nameFile() {
        path = folder.resolve("model.safetensors");
    }

    private SafetensorsFile open(String header, int dataBytes) {
        return SafetensorsFile.open(Crafted.write(path, file(header, dataBytes)));
    }

    @Test
    void readsHeaderInDataOrder() {
        SafetensorsFile file =
                open(
                        "{\"__metadata__\":{\"z\":\"1\",\"format\":\"pt\"},"
                                + tensor("late", "I16", "[2,3]", "[9,21]")
                                + ","
                                + tensor("empty", "F32", "[0,7]", "[9,9]")
                                + ","
                                + tensor("scalar", "F64", "[]", "[1,9]")
                                + ","
                                + tensor("\u00fc.\u6f22", "F4", "[2]", "[0,1]")
                                + "}   ",
                        21);
        assertEquals(
                List.of("\u00fc.\u6f22", "scalar", "empty", "late"),
                List.copyOf(file.tensors().keySet()));
        assertEquals(List.of("z", "format"), List.copyOf(file.metadata().keySet()));
        TensorInfo late = info(file, "late");
        assertEquals(new TensorInfo("late", StoredType.I16, List.of(2L, 3L), 9, 21), late);
        assertEquals(6, late.elements());
        assertEquals(12, late.byteSize());
        assertEquals(1, info(file, "scalar").elements());
        assertEquals(0, info(file, "empty").byteSize());
        assertEquals(file.length(), file.dataOffset() + 21);
    }

    @Test
    void ignoresUnknownFieldsOfAnEntry() {
        SafetensorsFile file =
                open(
                        "{\"a\":{\"dtype\":\"U8\",\"more\":{\"x\":[1,{}]},"
                                + "\"shape\":[1],\"data_offsets\":[0,1]}}",
                        1);
        assertEquals(1, info(file, "a").byteSize());
    }

    @Test
    void headerLengthThatLooksLikeAPickleIsRead() {
        String entry = tensor("a", "U8", "[1]", "[0,1]");
        String header = "{" + entry + " ".repeat(0x280 - entry.length() - 2) + "}";
        SafetensorsFile file = open(header, 1);
        assertEquals(Long.BYTES + 0x280, file.dataOffset());
    }

    @Test
    void readsUnalignedTensors() {
        SafetensorsFile file =
                open(
                        "{"
                                + tensor("a", "U8", "[3]", "[0,3]")
                                + ","
                                + tensor("b", "I32", "[2]", "[3,11]")
                                + ","
                                + tensor("none", "F32", "[0]", "[11,11]")
                                + "}",
                        11);
        ByteBuffer bytes = Crafted.bytes(new StoredTensor(file, info(file, "b")));
        assertEquals(8, bytes.remaining());
        assertEquals(0x06050403, bytes.getInt());
        assertEquals(0x0a090807, bytes.getInt());
        assertEquals(0, Crafted.bytes(new StoredTensor(file, info(file, "none"))).remaining());
    }

    @Test
    void readsParts() {
        SafetensorsFile file = open("{" + tensor("a", "U8", "[100]", "[0,100]") + "}", 100);
        TensorInfo tensor = info(file, "a");
        ByteBuffer into = ByteBuffer.allocate(6).position(1).limit(4);
        file.read(tensor, 97, into);
        assertEquals(ByteBuffer.wrap(new byte[] {0, 97, 98, 99, 0, 0}), into.clear());
        ByteBuffer four = ByteBuffer.allocate(4);
        assertThrows(IndexOutOfBoundsException.class, () -> file.read(tensor, 97, four));
        assertThrows(IndexOutOfBoundsException.class, () -> file.read(tensor, -1, four));
        assertThrows(
                IndexOutOfBoundsException.class, () -> file.read(tensor, Long.MAX_VALUE, four));
        TensorInfo foreign = new TensorInfo("a", StoredType.U8, List.of(200L), 0, 200);
        assertThrows(IllegalArgumentException.class, () -> file.read(foreign, 0, four));
    }

    @Test
    void noticesThatTheFileChanged() throws IOException {
        SafetensorsFile file = open("{" + tensor("a", "U8", "[100]", "[0,100]") + "}", 100);
        TensorInfo tensor = info(file, "a");
        file.verifyUnchanged();
        try (RandomAccessFile truncate = new RandomAccessFile(path.toFile(), "rw")) {
            truncate.setLength(file.length() - 1);
        }
        ByteBuffer into = ByteBuffer.allocate(4);
        String message = assertViolation(Violation.CHANGED, path, file::verifyUnchanged);
        assertTrue(message.contains(file.length() + " bytes long when opened"), message);
        assertViolation(Violation.CHANGED, path, file::hold);
        assertViolation(Violation.CHANGED, path, () -> file.read(tensor, 0, into));
        Files.delete(path);
        assertViolation(Violation.UNREADABLE, path, file::verifyUnchanged);
    }

    @Test
    void readsBeyondFourGibibytes() throws IOException {
        long gib = 1L << 30;
        List<SafetensorsWriter.Tensor> tensors =
                List.of(
                        sparse("big", StoredType.F32, 5 * gib / Float.BYTES),
                        sparse("tail", StoredType.I32, 3));
        List<TensorInfo> layout = SafetensorsWriter.layOut(tensors);
        ByteBuffer header = HeaderWriter.write(Map.of(), layout);
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            out.getChannel().write(header);
            out.setLength(header.limit() + 5 * gib + 12);
            out.seek(header.limit() + 5 * gib - 4);
            out.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        TensorInfo big = info(file, "big");
        assertEquals(5 * gib, big.byteSize());
        assertEquals(5 * gib, info(file, "tail").begin());
        ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        file.read(big, 5 * gib - 8, end);
        assertEquals(0x04030201_00000000L, end.getLong(0));
        ByteBuffer tail = Crafted.bytes(new StoredTensor(file, info(file, "tail")));
        assertEquals(0x08070605, tail.getInt());
    }

    @Test
    void largeClaimsOverASparseFileAreRefusedBeforeTheyAreRead() throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            out.write(file(HeaderJson.MAX_BYTES, new byte[0], 0));
            out.setLength(1L << 33);
        }
        assertViolation(Violation.NOT_AN_OBJECT, path, () -> SafetensorsFile.open(path));
    }

    @Test
    void longMetadataIsKept() {
        String tags = "style ".repeat(5_000_000);
        SafetensorsFile file = open("{\"__metadata__\":{\"tags\":\"" + tags + "\"}}", 0);
        assertEquals(tags, file.metadata().get("tags"));
    }

    private static SafetensorsWriter.Tensor sparse(String name, StoredType type, long elements) {
        return new SafetensorsWriter.Tensor(name, type, List.of(elements), out -> {});
    }

    private static TensorInfo info(SafetensorsFile file, String name) {
        TensorInfo info = file.tensors().get(name);
        if (info == null) {
            throw new AssertionError("no tensor " + name + " in " + file.tensors().keySet());
        }
        return info;
    }
}
