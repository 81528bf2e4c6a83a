package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Brings a picture's bytes to disk and hashes them on the way. For one thread. */
final class Staging {
    /** Larger files are no pictures anyone trains on, and archives can pretend any size. */
    static final long MAX_BYTES = 1L << 30;

    /** Files up to this size are compared with the collection before anything is written. */
    private static final int IN_MEMORY = 4 << 20;

    /**
     * @param file the copy, null when the collection holds these bytes already
     */
    record Staged(String sha256, @Nullable Path file) {}

    private final Path folder;
    private final Predicate<String> known;
    private final long most;
    private long count;

    /**
     * @param folder where copies go
     * @param known tells hashes of which no copy is needed
     * @param most bytes of the largest picture
     */
    Staging(Path folder, Predicate<String> known, long most) {
        this.folder = folder;
        this.known = known;
        this.most = most;
    }

    /**
     * @throws IOException when the source cannot be read
     * @throws UserException when it is too large
     */
    Staged stage(ItemSink.Content content) throws IOException {
        Sha256 hash = new Sha256();
        try (InputStream in = content.open()) {
            byte[] head = in.readNBytes(IN_MEMORY);
            hash.add(head);
            if (head.length == IN_MEMORY) {
                return spool(head, in, hash);
            }
            String sha256 = hash.hex();
            if (known.test(sha256)) {
                return new Staged(sha256, null);
            }
            Path file = next();
            write(file, head);
            return new Staged(sha256, file);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = create(file)) {
            append(out, file, bytes, bytes.length);
        } catch (IOException | RuntimeException e) {
            drop(file);
            throw e;
        }
    }

    /** Removes a copy that is not wanted; the next import clears what stays. */
    static void drop(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Nothing reads it again.
        }
    }

    private static OutputStream create(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static void append(OutputStream out, Path file, byte[] bytes, int count) {
        try {
            out.write(bytes, 0, count);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** A full disk is no fault of the picture: it must end the import, not skip the picture. */
    private static WriteException cannotWrite(Path file, IOException e) {
        return new WriteException("cannot write " + file + ": " + SourceTree.reason(e), e);
    }

    private Staged spool(byte[] head, InputStream in, Sha256 hash) throws IOException {
        Path file = next();
        byte[] buffer = new byte[1 << 16];
        long size = head.length;
        try (OutputStream out = create(file)) {
            append(out, file, head, head.length);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > most) {
                    throw new UserException("has more than " + most + " bytes");
                }
                hash.add(buffer, 0, n);
                append(out, file, buffer, n);
            }
        } catch (IOException | RuntimeException e) {
            drop(file);
            throw e;
        }
        return new Staged(hash.hex(), file);
    }

    private Path next() {
        return folder.resolve(count++ + ".part");
    }

    /** The collection cannot be written. */
    static final class WriteException extends UserException {
        WriteException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
