package dev.stanstudio.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads and writes files although the thread is interrupted. A file channel closes itself under an
 * interrupted thread; here it is opened again and read from the same position, and the thread's
 * interrupt flag is set again afterwards, so that a later check still finds it. Belongs to one
 * thread.
 */
final class SteadyFile implements WritableByteChannel {
    private final Path path;
    private FileChannel channel;
    private long written;

    private SteadyFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Work with an open channel; it may be done again from its beginning. */
    @FunctionalInterface
    interface Action<T> {
        T on(FileChannel channel) throws IOException;
    }

    /** A new file to write from its beginning on. */
    static SteadyFile create(Path path) throws IOException {
        OpenOption[] options = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        return new SteadyFile(path, FileChannel.open(path, options));
    }

    /** Opens {@code path} for reading and does {@code action}, which may be called again. */
    static <T> T read(Path path, Action<T> action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    return action.on(channel);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Writes all that remains in {@code from}. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int start = from.position();
        int count = from.remaining();
        steadily(
                () -> {
                    from.position(start);
                    FileAccess.writeFully(channel, from);
                });
        written += count;
        return count;
    }

    /** Returns once everything is on the disk. */
    void force() throws IOException {
        steadily(() -> channel.force(true));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void steadily(Step step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    step.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    channel.position(written);
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
