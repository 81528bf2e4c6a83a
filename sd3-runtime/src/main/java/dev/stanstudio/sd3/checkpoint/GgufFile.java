package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;

/**
 * The checked header of a GGUF file of versions 2 and 3 (ggml docs/gguf.md) that holds a network of
 * one architecture. Immutable and thread-safe; it holds no open handle.
 */
public final class GgufFile {
    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final long length;
    private final Map<String, FileTensor> tensors;

    private GgufFile(Path path, String architecture) throws IOException {
        this.path = path;
        try (GgufReader reader = new GgufReader(path)) {
            this.length = reader.length();
            this.tensors =
                    Collections.unmodifiableMap(
                            new GgufHeader(path, reader).tensors(this, architecture));
        }
    }

    /** Returns whether {@code file} begins as a GGUF file does. */
    public static boolean isOne(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads and checks the header of {@code file}; no tensor is read.
     *
     * @param architecture the {@code general.architecture} that is wanted
     * @throws WeightException if it holds another network, or is broken, cut off, or has tensors of
     *     types that are not read
     */
    public static GgufFile open(Path file, String architecture) {
        try {
            return new GgufFile(file, architecture);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserException unreadable(Path file, IOException e) {
        return new UserException("%s cannot be read: %s".formatted(file, AtomicFile.reason(e)), e);
    }

    /** Returns the path of the file. */
    public Path path() {
        return path;
    }

    long length() {
        return length;
    }

    /** Returns every tensor by name, in the order of the header. */
    public Map<String, FileTensor> tensors() {
        return tensors;
    }

    /** Makes sure, before it is mapped, that the file has the length that was checked. */
    void verifyUnchanged() {
        try {
            long now = Files.size(path);
            if (now != length) {
                throw new WeightException(
                        "%s was %d bytes long when opened and is %d now; let its writer finish and load it again"
                                .formatted(path, length, now));
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    ByteBuffer read(long from, int count) {
        byte[] bytes = new byte[count];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(from);
            file.readFully(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }
}
