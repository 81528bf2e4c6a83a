package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FileVersion;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.HeldFile;
import java.io.IOException;
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
    private final FileVersion version;
    private final Map<String, FileTensor> tensors;

    private GgufFile(Path path, String architecture) throws IOException {
        this.path = path;
        this.version = FileVersion.of(path);
        try (GgufReader reader = new GgufReader(path)) {
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
            GgufFile opened = new GgufFile(file, architecture);
            opened.hold().close();
            return opened;
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

    /** Returns every tensor by name, in the order of the header. */
    public Map<String, FileTensor> tensors() {
        return tensors;
    }

    /** Opens the version of the file whose header was read. */
    HeldFile hold() {
        return HeldFile.open(path, version);
    }

    ByteBuffer read(long from, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        try (HeldFile file = hold()) {
            file.read(from, bytes);
            return bytes.flip();
        }
    }
}
