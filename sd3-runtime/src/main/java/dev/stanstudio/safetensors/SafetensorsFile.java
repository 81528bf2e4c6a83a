package dev.stanstudio.safetensors;

import dev.stanstudio.base.FileVersion;
import dev.stanstudio.safetensors.HeaderReader.Header;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked header of one safetensors file, of any size, and access to its bytes.
 *
 * <p>Immutable and safe to share between threads. It holds no open handle: each read opens the file
 * and makes sure that it is still the version that was checked. Layout and rules: safetensors
 * README ("Format") and {@code tensor.rs}.
 */
public final class SafetensorsFile {
    private final Path path;
    private final FileVersion version;
    private final long dataOffset;
    private final Map<String, String> metadata;
    private final Map<String, TensorInfo> tensors;

    private SafetensorsFile(Path path, FileVersion version, long dataOffset, Header header) {
        this.path = path;
        this.version = version;
        this.dataOffset = dataOffset;
        this.metadata = Collections.unmodifiableMap(header.metadata());
        List<TensorInfo> checked =
                HeaderRules.check(path, header.entries(), version.size() - dataOffset);
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        checked.forEach(tensor -> byName.put(tensor.name(), tensor));
        this.tensors = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads and checks the header of {@code file}; no tensor is read.
     *
     * @throws SafetensorsException if the file cannot be read or breaks a rule of the format
     */
    public static SafetensorsFile open(Path file) {
        FileAccess.requireFile(file);
        try {
            FileVersion version = FileVersion.of(file);
            SafetensorsFile opened = SteadyFile.read(file, channel -> read(file, version, channel));
            opened.verifyUnchanged();
            return opened;
        } catch (IOException e) {
            throw FileAccess.unreadable(file, e);
        }
    }

    private static SafetensorsFile read(Path file, FileVersion version, FileChannel channel)
            throws IOException {
        long length = version.size();
        ByteBuffer prefix =
                ByteBuffer.allocate((int) Math.min(length, ForeignFormat.PREFIX))
                        .order(ByteOrder.LITTLE_ENDIAN);
        FileAccess.readFully(channel, 0, prefix);
        prefix.flip();
        int headerBytes = headerLength(file, prefix, length);
        ByteBuffer text = ByteBuffer.allocate(headerBytes);
        FileAccess.readFully(channel, Long.BYTES, text);
        return new SafetensorsFile(
                file,
                version,
                (long) Long.BYTES + headerBytes,
                HeaderReader.read(file, text.array()));
    }

    private static int headerLength(Path file, ByteBuffer prefix, long length) {
        boolean complete = prefix.limit() >= Long.BYTES;
        long stated = complete ? prefix.getLong(0) : 0;
        boolean brace = prefix.limit() > Long.BYTES && prefix.get(Long.BYTES) == '{';
        boolean object = stated > 0 && brace;
        if (!object || stated > HeaderJson.MAX_BYTES) {
            ForeignFormat.refuse(file, prefix);
        }
        if (!complete) {
            throw new SafetensorsException(
                    Violation.HEADER_TOO_SMALL,
                    file,
                    "only %d bytes long, a header needs 8 and more; get the file again"
                            .formatted(length));
        }
        requireRoom(file, stated, length - Long.BYTES);
        if (!object) {
            throw new SafetensorsException(
                    Violation.NOT_AN_OBJECT,
                    file,
                    "the header of %d bytes does not start with '{'; not a safetensors file"
                            .formatted(stated));
        }
        return (int) stated;
    }

    private static void requireRoom(Path file, long stated, long available) {
        if (stated < 0 || stated > HeaderJson.MAX_BYTES) {
            throw new SafetensorsException(
                    Violation.HEADER_TOO_LARGE,
                    file,
                    "states a header of %s bytes, over the format's limit of %d; not a safetensors file"
                            .formatted(Long.toUnsignedString(stated), HeaderJson.MAX_BYTES));
        }
        if (stated > available) {
            throw new SafetensorsException(
                    Violation.INVALID_HEADER_LENGTH,
                    file,
                    "states a header of %d bytes, but only %d follow; get the file again"
                            .formatted(stated, available));
        }
    }

    /** Returns the path of the file. */
    public Path path() {
        return path;
    }

    /** The file's length in bytes when it was opened. */
    public long length() {
        return version.size();
    }

    /** Opens the version of the file that was checked, to read from it for longer. */
    public HeldFile hold() {
        return HeldFile.open(path, version);
    }

    /** The {@code __metadata__} block in the order of the file; empty if there is none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Every tensor by name, in the order of the data. */
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /** First byte of the data section, counted from the start of the file. */
    public long dataOffset() {
        return dataOffset;
    }

    /**
     * Makes sure that the file is still the version that was checked.
     *
     * @throws SafetensorsException if it was changed or replaced, or is gone
     */
    public void verifyUnchanged() {
        try {
            FileAccess.requireSame(path, version, FileVersion.of(path));
        } catch (IOException e) {
            throw FileAccess.unreadable(path, e);
        }
    }

    /**
     * Fills the rest of {@code into} with the bytes of {@code tensor} from byte {@code from} on;
     * afterwards nothing remains in it.
     *
     * @param tensor one of {@link #tensors()}, of any length
     * @throws SafetensorsException if the file changed or cannot be read
     * @throws IndexOutOfBoundsException if the range leaves the tensor
     * @throws IllegalArgumentException if the tensor is not of this file
     */
    public void read(TensorInfo tensor, long from, ByteBuffer into) {
        requireOwn(tensor);
        if (from < 0 || from > tensor.byteSize() - into.remaining()) {
            throw new IndexOutOfBoundsException(
                    "%d bytes from byte %d leave tensor %s of %d bytes"
                            .formatted(
                                    into.remaining(),
                                    from,
                                    HeaderJson.quote(tensor.name()),
                                    tensor.byteSize()));
        }
        int start = into.position();
        try {
            SteadyFile.read(
                    path,
                    channel -> {
                        into.position(start);
                        FileAccess.readFully(channel, dataOffset + tensor.begin() + from, into);
                        return into;
                    });
            verifyUnchanged();
        } catch (IOException e) {
            throw FileAccess.unreadable(path, e);
        }
    }

    private void requireOwn(TensorInfo tensor) {
        if (!tensor.equals(tensors.get(tensor.name()))) {
            throw new IllegalArgumentException(
                    "tensor %s is not of %s".formatted(HeaderJson.quote(tensor.name()), path));
        }
    }
}
