package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files as TensorBoard reads them. */
class TensorBoardEventsTest {
    @TempDir private Path folder;

    /** The messages of the only file, after checking every frame. */
    private List<byte[]> messages() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            assertTrue(all.get(0).getFileName().toString().startsWith("events.out.tfevents."));
            ByteBuffer data =
                    ByteBuffer.wrap(Files.readAllBytes(all.get(0))).order(ByteOrder.LITTLE_ENDIAN);
            List<byte[]> messages = new ArrayList<>();
            while (data.hasRemaining()) {
                byte[] length = new byte[8];
                data.get(length);
                assertEquals(checksum(length), Integer.toUnsignedLong(data.getInt()));
                long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
                byte[] message = new byte[Math.toIntExact(bytes)];
                data.get(message);
                assertEquals(checksum(message), Integer.toUnsignedLong(data.getInt()));
                messages.add(message);
            }
            return messages;
        }
    }

    /** As tensorflow's crc32c.h has it: ((crc >> 15) | (crc << 17)) + 0xa282ead8. */
    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long c = crc.getValue();
        return (((c >> 15) | (c << 17)) + 0xa282ead8L) & 0xffffffffL;
    }

    /** Field numbers and values of a message; messages inside as bytes. */
    private static Map<Integer, Object> fields(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        Map<Integer, Object> fields = new java.util.TreeMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value =
                    switch (WireFormat.getTagWireType(tag)) {
                        case WireFormat.WIRETYPE_VARINT -> in.readInt64();
                        case WireFormat.WIRETYPE_FIXED64 -> in.readDouble();
                        case WireFormat.WIRETYPE_FIXED32 -> in.readFloat();
                        default -> in.readByteArray();
                    };
            fields.put(WireFormat.getTagFieldNumber(tag), value);
        }
        return fields;
    }

    @Test
    void numbersComeBackWithTagsAndSteps() throws IOException {
        TensorBoardEvents events = TensorBoardEvents.open(folder, 0);
        events.add("train", 300, Map.of("loss", 0.25));
        List<byte[]> messages = messages();
        assertEquals(2, messages.size());
        byte[] version = (byte[]) fields(messages.get(0)).get(3);
        assertEquals("brain.Event:2", new String(version, StandardCharsets.UTF_8));
        Map<Integer, Object> event = fields(messages.get(1));
        assertEquals(300L, event.get(2));
        assertTrue((double) event.get(1) > 1.7e9, "seconds since 1970");
        Map<Integer, Object> value = fields((byte[]) fields((byte[]) event.get(5)).get(1));
        assertEquals("train/loss", new String((byte[]) value.get(1), StandardCharsets.UTF_8));
        assertEquals(0.25f, value.get(2));
    }

    @Test
    void aTrainingThatGoesOnTakesBackWhatCameAfterItsCheckpoint() throws IOException {
        TensorBoardEvents unused = TensorBoardEvents.open(folder, 40);
        assertTrue(unused != null);
        Map<Integer, Object> start = fields(messages().get(1));
        assertEquals(41L, start.get(2));
        assertEquals(1L, fields((byte[]) start.get(7)).get(1), "SessionLog.START");
    }

    @Test
    void theChecksumIsTheFormats() {
        // CRC-32C of "123456789" is e3069283; rotated by 15 bits it is 2507c60d.
        byte[] check = "123456789".getBytes(StandardCharsets.UTF_8);
        assertEquals(0x2507c60d + 0xa282ead8, TensorBoardEvents.masked(check));
    }
}
