package dev.stanstudio.safetensors;

import dev.stanstudio.base.FileVersion;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Reads bytes of one version of a file, which is kept open: what takes its place under the same
 * name is not read. Bytes are copied, since memory that maps a file ends the process when the file
 * is shortened. A file that was changed in place is refused. Interrupted threads read too, and keep
 * their flag. Thread-safe.
 */
public final class HeldFile implements AutoCloseable {
    private static final int STEP = 1 << 23;

    /** Reads side by side; more are no faster where the file is in memory already. */
    private static final int AHEAD = 4;

    private final Path path;
    private final FileVersion version;
    private final AsynchronousFileChannel channel;

    private HeldFile(Path path, FileVersion version, AsynchronousFileChannel channel) {
        this.path = path;
        this.version = version;
        this.channel = channel;
    }

    /**
     * Opens {@code path}, which must still be of {@code version}.
     *
     * @throws SafetensorsException if it is of another version, or cannot be read
     */
    public static HeldFile open(Path path, FileVersion version) {
        try {
            AsynchronousFileChannel channel =
                    AsynchronousFileChannel.open(path, StandardOpenOption.READ);
            HeldFile file = new HeldFile(path, version, channel);
            try {
                FileAccess.requireSame(path, version, FileVersion.of(path));
                return file;
            } catch (RuntimeException | IOException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileAccess.unreadable(path, e);
        }
    }

    /**
     * Fills the rest of {@code into} with the bytes from {@code position} on. Returns once nobody
     * writes into the buffer any more, also when it fails.
     *
     * @throws SafetensorsException if the file ends before, was changed in place, or cannot be read
     */
    public void read(long position, ByteBuffer into) {
        boolean interrupted = Thread.interrupted();
        try {
            fill(position, into);
            requireUnchanged();
        } catch (IOException e) {
            throw FileAccess.unreadable(path, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A piece of the buffer that is being read. */
    private record Piece(ByteBuffer into, long position, Future<Integer> count) {}

    private Piece begin(ByteBuffer into, long position) {
        return new Piece(into, position, channel.read(into, position));
    }

    private void fill(long position, ByteBuffer into) throws IOException {
        Deque<Piece> reading = new ArrayDeque<>();
        IOException failure = null;
        int start = into.position();
        int at = start;
        while (at < into.limit() || !reading.isEmpty()) {
            while (failure == null && at < into.limit() && reading.size() < AHEAD) {
                int length = Math.min(STEP, into.limit() - at);
                reading.add(begin(into.slice(at, length), position + (at - start)));
                at += length;
            }
            Piece piece = reading.poll();
            if (piece == null) {
                break;
            }
            try {
                finish(piece, reading);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        into.position(into.limit());
    }

    /** Waits for a piece; what the system left out is read behind the others. */
    private void finish(Piece piece, Deque<Piece> reading) throws IOException {
        int count = await(piece.count());
        if (count < 0) {
            throw new EOFException("end of file at byte " + piece.position());
        }
        if (piece.into().hasRemaining()) {
            reading.add(begin(piece.into(), piece.position() + count));
        }
    }

    private static int await(Future<Integer> count) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return count.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof IOException cause) {
                        throw cause;
                    }
                    throw new IOException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void requireUnchanged() throws IOException {
        FileVersion now;
        try {
            now = FileVersion.of(path);
        } catch (NoSuchFileException e) {
            return;
        }
        if (!version.isReplacedBy(now)) {
            FileAccess.requireSame(path, version, now);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new SafetensorsException(
                    Violation.UNREADABLE,
                    path,
                    "cannot be closed (%s)".formatted(FileAccess.reason(e)),
                    e);
        }
    }
}
