package dev.stanstudio.training;

import com.google.protobuf.CodedOutputStream;
import dev.stanstudio.base.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The numbers of a training for TensorBoard: a file of records, each the length of an {@code Event}
 * message, a checksum of the length, the message and a checksum of it (tensorflow
 * core/lib/io/record_writer.cc; messages in core/util/event.proto and
 * core/framework/summary.proto). A resumed training begins a new file, for which TensorBoard drops
 * the numbers of older files from its first step on. Belongs to one thread.
 */
final class TensorBoardEvents {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK_SHIFT = 15;
    private static final int MASK_ADD = 0xa282ead8;
    private static final double MILLIS = 1000;

    // Fields of Event, SessionLog, Summary and Summary.Value.
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int STATUS = 1;
    private static final int START = 1;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;

    private final Path file;

    private TensorBoardEvents(Path file) {
        this.file = file;
    }

    /** Writes what one message holds. */
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /** Begins a file in {@code folder} for a training that has made {@code steps} steps. */
    static TensorBoardEvents open(Path folder, long steps) {
        long now = System.currentTimeMillis();
        String name =
                String.format(
                        Locale.ROOT,
                        "events.out.tfevents.%010d.studio.%d.%d",
                        now / 1000,
                        ProcessHandle.current().pid(),
                        now % 1000);
        TensorBoardEvents events = new TensorBoardEvents(folder.resolve(name));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
        events.add(out -> out.writeString(FILE_VERSION, VERSION));
        if (steps > 0) {
            byte[] start = message(out -> out.writeEnum(STATUS, START));
            events.add(
                    out -> {
                        out.writeInt64(STEP, steps + 1);
                        out.writeByteArray(SESSION_LOG, start);
                    });
        }
        return events;
    }

    /** Adds numbers under {@code kind/name}. */
    void add(String kind, long step, Map<String, Double> numbers) {
        byte[] summary =
                message(
                        out -> {
                            for (Map.Entry<String, Double> number : numbers.entrySet()) {
                                out.writeByteArray(VALUE, value(kind, number));
                            }
                        });
        add(
                out -> {
                    out.writeInt64(STEP, step);
                    out.writeByteArray(SUMMARY, summary);
                });
    }

    private static byte[] value(String kind, Map.Entry<String, Double> number) {
        return message(
                out -> {
                    out.writeString(TAG, kind + "/" + number.getKey());
                    out.writeFloat(SIMPLE_VALUE, number.getValue().floatValue());
                });
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("memory is always writable", e);
        }
        return bytes.toByteArray();
    }

    private void add(Fields fields) {
        byte[] event =
                message(
                        out -> {
                            out.writeDouble(WALL_TIME, System.currentTimeMillis() / MILLIS);
                            fields.writeTo(out);
                        });
        try {
            Files.write(
                    file,
                    framed(event),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static UserException unwritable(Path path, IOException cause) {
        return new UserException(
                "the TensorBoard log " + path + " cannot be written: " + cause, cause);
    }

    private static byte[] framed(byte[] event) {
        byte[] length =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(event.length)
                        .array();
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + event.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(length)
                .putInt(masked(length))
                .put(event)
                .putInt(masked(event))
                .array();
    }

    /** A CRC that is itself protected by one would be weak, so it is rotated and shifted. */
    static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        int value = (int) crc.getValue();
        return Integer.rotateRight(value, MASK_SHIFT) + MASK_ADD;
    }
}
