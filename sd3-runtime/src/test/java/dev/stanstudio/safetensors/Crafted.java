package dev.stanstudio.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** Safetensors files made byte by byte, right and wrong. */
final class Crafted {
    private Crafted() {}

    /**
     * A file with this header text, its true length before it, and {@code dataBytes} counting up.
     */
    static byte[] file(String header, int dataBytes) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static byte[] file(byte[] header, int dataBytes) {
        return file(header.length, header, dataBytes);
    }

    static byte[] file(long statedLength, byte[] header, int dataBytes) {
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(statedLength)
                        .put(header);
        for (int i = 0; i < dataBytes; i++) {
            file.put((byte) i);
        }
        return file.array();
    }

    /** The entry of one tensor, as it stands in a header. */
    static String tensor(String name, String dtype, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
                .formatted(name, dtype, shape, offsets);
    }

    static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Runs {@code action}, which must fail by {@code violation} in one line that names {@code
     * file}.
     */
    static String assertViolation(Violation violation, Path file, Executable action) {
        SafetensorsException e = assertThrows(SafetensorsException.class, action);
        String message = e.getMessage();
        assertNotNull(message);
        assertEquals(violation, e.violation(), message);
        assertTrue(message.startsWith(file + ": "), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    /** All bytes of a tensor, little-endian. */
    static ByteBuffer bytes(StoredTensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.info().byteSize()));
        tensor.read(0, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
}
