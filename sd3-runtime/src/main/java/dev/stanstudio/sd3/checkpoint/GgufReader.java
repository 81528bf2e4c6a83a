package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.command.TerminalText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads little-endian numbers and texts from a file's beginning on; one thread's. */
final class GgufReader implements AutoCloseable {
    private static final int WINDOW = 1 << 16;
    private static final int LONGEST_NAME = 1 << 10;

    private final Path path;
    private final RandomAccessFile file;
    private final long length;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long at;

    GgufReader(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.length = file.length();
        window.limit(0);
    }

    /** Returns the number of the next byte. */
    long at() {
        return at;
    }

    long length() {
        return length;
    }

    private WeightException cutOff() {
        return new WeightException(
                "%s ends at byte %d, inside its header; get the file again"
                        .formatted(path, length));
    }

    private ByteBuffer next(int count) throws IOException {
        if (count > length - at) {
            throw cutOff();
        }
        if (window.remaining() < count) {
            file.seek(at);
            window.clear();
            int most = (int) Math.min(WINDOW, length - at);
            file.readFully(window.array(), 0, most);
            window.limit(most);
        }
        at += count;
        return window;
    }

    int u8() throws IOException {
        return Byte.toUnsignedInt(next(Byte.BYTES).get());
    }

    int u16() throws IOException {
        return Short.toUnsignedInt(next(Short.BYTES).getShort());
    }

    int i32() throws IOException {
        return next(Integer.BYTES).getInt();
    }

    long i64() throws IOException {
        return next(Long.BYTES).getLong();
    }

    /** Returns a number of things that follow, each at least {@code bytes} long. */
    long count(String what, int bytes) throws IOException {
        long count = i64();
        if (count < 0 || count > (length - at) / bytes) {
            throw new WeightException(
                    "%s states %s %s, more than the file can hold; get the file again"
                            .formatted(path, Long.toUnsignedString(count), what));
        }
        return count;
    }

    /** Returns a name, which appears in messages: short, and without characters that command. */
    String name() throws IOException {
        long bytes = count("bytes of a text", 1);
        if (bytes > LONGEST_NAME) {
            throw new WeightException(
                    "%s has a name of %d bytes; this is no model".formatted(path, bytes));
        }
        byte[] text = new byte[(int) bytes];
        next(text.length).get(text);
        String name = new String(text, StandardCharsets.UTF_8);
        if (!name.equals(TerminalText.escaped(name)) || name.contains("\uFFFD")) {
            throw new WeightException(
                    "%s has a name that is no text, before byte %d; get the file again"
                            .formatted(path, at));
        }
        return name;
    }

    void skipText() throws IOException {
        skip(count("bytes of a text", 1));
    }

    void skip(long bytes) throws IOException {
        if (bytes > length - at) {
            throw cutOff();
        }
        at += bytes;
        if (bytes <= window.remaining()) {
            window.position(window.position() + (int) bytes);
        } else {
            window.limit(0);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
