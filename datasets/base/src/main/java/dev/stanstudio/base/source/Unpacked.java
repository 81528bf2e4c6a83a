package dev.stanstudio.base.source;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** Opens tar archives, plain or compressed by gzip or Zstandard. */
public final class Unpacked {
    /** Number of bytes that any file may unpack to. */
    private static final long FREE = 4L << 30;

    /** Pictures are compressed already; a higher ratio means a decompression bomb. */
    private static final long MOST_TIMES = 50;

    private static final List<String> GZIP = List.of(".tar.gz", ".tgz");
    private static final List<String> ZSTD = List.of(".tar.zst", ".tzst");

    private Unpacked() {}

    /** Returns whether a file of this name is a tar archive, compressed or not. */
    public static boolean isTar(Path file) {
        return ends(file, List.of(".tar")) || isCompressed(file);
    }

    /** Returns whether a file of this name is a compressed tar archive. */
    public static boolean isCompressed(Path file) {
        return ends(file, GZIP) || ends(file, ZSTD);
    }

    private static boolean ends(Path file, List<String> endings) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(name::endsWith);
    }

    /** The bytes of the tar in {@code file}; too many for the file's size are an IOException. */
    public static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        if (!isCompressed(file)) {
            return raw;
        }
        try {
            InputStream in =
                    ends(file, GZIP)
                            ? GzipCompressorInputStream.builder()
                                    .setInputStream(raw)
                                    .setDecompressConcatenated(true)
                                    .get()
                            : new ZstdCompressorInputStream(raw);
            return new Bounded(in, Math.max(FREE, MOST_TIMES * Files.size(file)));
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            int count = super.read(bytes, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("it unpacks to far more bytes than pictures would");
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] buffer = new byte[(int) Math.min(count, 1 << 16)];
            return Math.max(0, read(buffer, 0, buffer.length));
        }
    }
}
