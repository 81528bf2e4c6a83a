package dev.stanstudio.safetensors;

import static dev.stanstudio.safetensors.Crafted.assertViolation;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import dev.stanstudio.safetensors.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir Path folder;
    private Path path = Path.of("");

    @BeforeEach
    void nameFile() {
        path = folder.resolve("adapter_model.safetensors");
    }

    /** Sources that interrupt themselves stand for Ctrl-C at any moment of the writing. */
    @Test
    void interruptionsNeitherHarmTheFileNorGetLost() throws IOException {
        List<Tensor> calm = new ArrayList<>();
        List<Tensor> interrupted = new ArrayList<>();
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);
        for (int i = 0; i < 5; i++) {
            TensorSource plain = TensorSource.of(ByteBuffer.wrap(bytes));
            List<Long> shape = List.of((long) bytes.length);
            calm.add(new Tensor("t" + i, StoredType.U8, shape, plain));
            interrupted.add(
                    new Tensor(
                            "t" + i,
                            StoredType.U8,
                            shape,
                            out -> {
                                Thread.currentThread().interrupt();
                                plain.writeTo(out);
                                assertTrue(Thread.interrupted(), "sources see it too");
                                Thread.currentThread().interrupt();
                            }));
        }
        SafetensorsWriter.write(path, Map.of(), interrupted);
        assertTrue(Thread.interrupted());
        Path other = folder.resolve("calm.safetensors");
        SafetensorsWriter.write(other, Map.of(), calm);
        assertEquals(-1, Files.mismatch(other, path));
    }

    private static Tensor tensor(String name, StoredType type, List<Long> shape, byte... bytes) {
        return new Tensor(name, type, shape, TensorSource.of(ByteBuffer.wrap(bytes)));
    }

    @Test
    void writesTheVeryBytesOfTheFormat() throws IOException {
        SafetensorsWriter.write(
                path,
                Map.of(),
                List.of(
                        tensor("b", StoredType.U8, List.of(3L), (byte) 7, (byte) 8, (byte) 9),
                        tensor("a\n", StoredType.U8, List.of(0L)),
                        tensor("c", StoredType.F16, List.of(), (byte) 1, (byte) 2)));
        String header =
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"c\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]},"
                        + "\"a\\n\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[2,2]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[2,5]}}";
        int padded = (header.length() + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + padded + 5);
        expected.putLong(Long.reverseBytes(padded));
        expected.put(header.getBytes(StandardCharsets.UTF_8));
        expected.put(" ".repeat(padded - header.length()).getBytes(StandardCharsets.UTF_8));
        expected.put(new byte[] {1, 2, 7, 8, 9});
        assertArrayEquals(expected.array(), Files.readAllBytes(path));
    }

    @Test
    void givenFormatWinsAndKeysAreSorted() {
        SafetensorsWriter.write(path, Map.of("z", "\u00e9\"", "format", "np", "a", ""), List.of());
        SafetensorsFile file = SafetensorsFile.open(path);
        assertEquals(Map.of("z", "\u00e9\"", "format", "np", "a", ""), file.metadata());
        assertEquals(List.of("a", "format", "z"), List.copyOf(file.metadata().keySet()));
        assertEquals(0, file.dataOffset() % 8);
    }

    @Test
    void failuresLeaveTheOldFileAndNoOther() throws IOException {
        byte[] old = {1, 2, 3};
        Files.write(path, old);
        List<Tensor> broken =
                List.of(
                        tensor("short", StoredType.F32, List.of(1L), (byte) 1),
                        tensor("long", StoredType.U8, List.of(1L), (byte) 1, (byte) 2),
                        new Tensor(
                                "closed",
                                StoredType.U8,
                                List.of(2L),
                                out -> {
                                    out.close();
                                    out.write(ByteBuffer.allocate(2));
                                }),
                        new Tensor(
                                "failing",
                                StoredType.U8,
                                List.of(2L),
                                out -> {
                                    throw new IOException("disk pulled");
                                }),
                        new Tensor(
                                "fatal",
                                StoredType.U8,
                                List.of(2L),
                                out -> {
                                    throw new StackOverflowError();
                                }));
        for (Tensor tensor : broken) {
            Throwable e =
                    assertThrows(
                            Throwable.class,
                            () -> SafetensorsWriter.write(path, Map.of(), List.of(tensor)));
            boolean io = List.of("closed", "failing").contains(tensor.name());
            assertEquals(io, e instanceof SafetensorsException, e.toString());
            assertArrayEquals(old, Files.readAllBytes(path));
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(path), files.toList(), tensor.name());
            }
        }
    }

    @Test
    void wrongByteCountsNameTensorAndNumbers() {
        Tensor few = tensor("few", StoredType.F32, List.of(2L), new byte[5]);
        Tensor many = tensor("many", StoredType.F32, List.of(2L), new byte[9]);
        assertEquals(
                "source of tensor \"few\" delivered 5 bytes, F32 of [2] takes 8",
                stateError(few).getMessage());
        assertEquals(
                "source of tensor \"many\" delivers at least 9 bytes, F32 of [2] takes 8",
                stateError(many).getMessage());
    }

    private IllegalStateException stateError(Tensor tensor) {
        return assertThrows(
                IllegalStateException.class,
                () -> SafetensorsWriter.write(path, Map.of(), List.of(tensor)));
    }

    @Test
    void sourcesMayWriteInPiecesAndCloseTheirChannel() {
        Tensor pieces =
                new Tensor(
                        "pieces",
                        StoredType.U8,
                        List.of(3L),
                        out -> {
                            try (out) {
                                out.write(ByteBuffer.wrap(new byte[] {1}));
                                out.write(ByteBuffer.wrap(new byte[] {2, 3}));
                            }
                        });
        Tensor next = tensor("pieces.next", StoredType.U8, List.of(1L), (byte) 4);
        SafetensorsWriter.write(path, Map.of(), List.of(next, pieces));
        TensorCollection written = TensorCollection.open(path);
        assertEquals(0x030201, Crafted.bytes(written.tensor("pieces")).getShort() | 3 << 16);
        assertEquals(4, Crafted.bytes(written.tensor("pieces.next")).get());
    }

    @Test
    void refusesBadTargetsAndTensors() {
        Path nowhere = folder.resolve("missing").resolve("a.safetensors");
        assertViolation(
                Violation.WRITE_FAILED,
                nowhere,
                () -> SafetensorsWriter.write(nowhere, Map.of(), List.of()));
        assertViolation(
                Violation.WRITE_FAILED,
                folder,
                () -> SafetensorsWriter.write(folder, Map.of(), List.of()));
        Tensor one = tensor("a", StoredType.U8, List.of(1L), (byte) 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> SafetensorsWriter.write(path, Map.of(), List.of(one, one)));
        assertThrows(
                IllegalArgumentException.class,
                () -> tensor("__metadata__", StoredType.U8, List.of(0L)));
        assertThrows(
                IllegalArgumentException.class, () -> tensor("\ud800", StoredType.U8, List.of(0L)));
        assertThrows(
                IllegalArgumentException.class,
                () -> SafetensorsWriter.write(path, Map.of("k", "\ud800"), List.of(one)));
        assertTrue(Files.notExists(path));
    }

    @Test
    void anyShapesAndTypesComeBack() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Tensor> tensors = new ArrayList<>();
            Map<String, byte[]> contents = new HashMap<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                String name = i + "." + Integer.toString(random.nextInt(), 36) + "\u00df\"\\\t";
                StoredType type = pick(random);
                List<Long> shape = shape(random, type);
                byte[] bytes = new byte[(int) type.bytesFor(TensorInfo.elements(shape))];
                random.nextBytes(bytes);
                contents.put(name, bytes);
                tensors.add(tensor(name, type, shape, bytes));
            }
            SafetensorsWriter.write(path, Map.of("seed", "" + seed), tensors);
            assertSame(tensors, contents, TensorCollection.open(path), seed);
        }
    }

    private static void assertSame(
            List<Tensor> tensors, Map<String, byte[]> contents, TensorCollection back, int seed) {
        assertEquals(contents.keySet(), back.tensors().keySet(), "seed " + seed);
        for (Tensor tensor : tensors) {
            StoredTensor stored = back.tensor(tensor.name());
            assertEquals(tensor.type(), stored.info().type(), "seed " + seed);
            assertEquals(tensor.shape(), stored.info().shape(), "seed " + seed);
            byte[] expected = contents.getOrDefault(tensor.name(), new byte[0]);
            assertEquals(ByteBuffer.wrap(expected), Crafted.bytes(stored), "seed " + seed);
            long alignment = Math.max(1, tensor.type().bits() / 8);
            assertEquals(0, stored.info().begin() % alignment, "seed " + seed);
        }
    }

    private static StoredType pick(Random random) {
        List<StoredType> types = List.of(StoredType.values());
        return types.get(random.nextInt(types.size()));
    }

    private static List<Long> shape(Random random, StoredType type) {
        List<Long> shape = new ArrayList<>();
        for (int axes = random.nextInt(5); axes > 0; axes--) {
            shape.add((long) random.nextInt(6));
        }
        if (!type.fillsBytes(TensorInfo.elements(shape))) {
            shape.add(4L);
        }
        return shape;
    }
}
