package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTest {
    @Test
    void numbersGoThereAndBack() {
        try (Scope scope = Scope.open("test")) {
            Tensor x = Tensors.of(scope, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            assertArrayEquals(new long[] {2, 3}, x.shape());
            assertEquals(DType.FP32, x.dtype());
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x.toFloats());
            assertArrayEquals(
                    new long[] {1L << 40, -3},
                    Tensors.of(scope, new long[] {1L << 40, -3}, 2).toLongs());
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyTypeCanBeMadeReadAndNamed(DType dtype) {
        try (Scope scope = Scope.open("test")) {
            Tensor zeros = Tensors.zeros(scope, new long[] {3, 2}, dtype, Device.CPU);
            assertEquals(dtype, zeros.dtype());
            assertEquals(6L * dtype.bytes(), zeros.bytes());
            assertArrayEquals(new float[6], zeros.toFloats());
            assertArrayEquals(new byte[6 * dtype.bytes()], zeros.toBytes());
            Tensor again = Tensors.ofBytes(scope, ByteBuffer.wrap(zeros.toBytes()), dtype, 3, 2);
            assertArrayEquals(zeros.toFloats(), again.toFloats());
        }
    }

    @Test
    void memoryIsWrittenInPlace() {
        try (Scope scope = Scope.open("test")) {
            Tensor x =
                    Tensors.filled(
                            scope,
                            DType.INT64,
                            bytes -> bytes.putLong(8, -2).putLong(0, 1L << 33),
                            2,
                            1);
            assertArrayEquals(new long[] {1L << 33, -2}, x.toLongs());
            Tensor none =
                    Tensors.filled(
                            scope, DType.FP32, bytes -> fail("there is nothing to write"), 3, 0);
            assertArrayEquals(new long[] {3, 0}, none.shape());
            String refused =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> Tensors.of(scope, new float[5], 2, 3))
                            .getMessage();
            assertEquals("20 bytes for a tensor of 24 bytes", refused);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Tensors.filled(scope, DType.FP32, bytes -> {}, 1 << 15, 1 << 15));
        }
    }

    @Test
    void halfTypesRoundAsTheyShould() {
        try (Scope scope = Scope.open("test")) {
            Tensor x = Tensors.of(scope, new float[] {1.00390625f, -3.1415927f, 65504f}, 3);
            Tensor bf16 = Tensors.to(scope, x, Device.CPU, DType.BF16);
            assertArrayEquals(new float[] {1f, -3.140625f, 65536f}, bf16.toFloats());
            Tensor fp16 = Tensors.to(scope, x, Device.CPU, DType.FP16);
            assertArrayEquals(new float[] {1.00390625f, -3.140625f, 65504f}, fp16.toFloats());
        }
    }

    @Test
    void scalarsAndEmptyTensorsWork() {
        try (Scope scope = Scope.open("test")) {
            Tensor scalar = Tensors.zeros(scope, new long[0], DType.BF16, Device.CPU);
            assertArrayEquals(new long[0], scalar.shape());
            assertArrayEquals(new float[] {0}, scalar.toFloats());
            Tensor empty = Tensors.zeros(scope, new long[] {0, 3}, DType.FP32, Device.CPU);
            assertEquals(0, empty.toFloats().length);
            assertEquals(0, empty.toBytes().length);
            assertEquals(0, Tensors.list(scope, List.of()).size());
        }
    }

    @Test
    void largeTensorsAreWrittenInPieces() {
        try (Scope scope = Scope.open("test")) {
            List<Long> offsets = new ArrayList<>();
            Tensor tensor =
                    Tensors.filledInPieces(
                            scope,
                            8,
                            DType.BF16,
                            (offset, memory) -> {
                                offsets.add(offset);
                                while (memory.hasRemaining()) {
                                    memory.put((byte) (offset + memory.position()));
                                }
                            },
                            3,
                            3);
            assertEquals(List.of(0L, 8L, 16L), offsets);
            byte[] expected = new byte[18];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = (byte) i;
            }
            assertArrayEquals(expected, tensor.toBytes());
        }
    }

    @Test
    void aTensorThatCannotBeFilledIsFreed() {
        try (Scope scope = Scope.open("test")) {
            for (long most : new long[] {4, 1 << 10}) {
                assertThrows(
                        UncheckedIOException.class,
                        () ->
                                Tensors.filledInPieces(
                                        scope,
                                        most,
                                        DType.FP32,
                                        (offset, memory) -> {
                                            throw new UncheckedIOException(new EOFException());
                                        },
                                        2,
                                        2));
            }
            assertEquals(0, scope.size());
        }
    }

    @Test
    void failuresAreOneLine() {
        try (Scope scope = Scope.open("test")) {
            Tensor a = Tensors.of(scope, new float[] {1, 2}, 2);
            Tensor b = Tensors.of(scope, new float[] {1, 2, 3}, 3);
            EngineException failure =
                    assertThrows(
                            EngineException.class,
                            () ->
                                    Tensors.combine(
                                            scope, new double[] {1, 1}, List.of(a, b), DType.FP32));
            assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
            assertThrows(
                    EngineException.class,
                    () -> Tensors.zeros(scope, new long[] {1L << 46}, DType.FP32, Device.CPU));
        }
    }

    @Test
    void closedTensorsAreRefused() {
        Scope scope = Scope.open("test");
        Tensor x = Tensors.of(scope, new float[] {1}, 1);
        scope.close();
        assertThrows(IllegalStateException.class, x::toFloats);
    }

    @Test
    void missingDeviceNamesTheOnesThereAre() {
        if (Torch.cudaDevices().isEmpty()) {
            EngineException failure =
                    assertThrows(EngineException.class, () -> Torch.require(new Device("cuda", 0)));
            assertTrue(failure.getMessage().contains("cpu"), failure.getMessage());
        } else {
            Torch.require(Torch.cudaDevices().get(0));
        }
    }
}
