package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives and lists that are made to take all there is. */
class BombTest {
    @TempDir private Path temp;

    private String refusal(Path source) {
        UserException e =
                assertThrows(UserException.class, () -> Made.run(source, temp.resolve("refused")));
        return String.valueOf(e.getMessage());
    }

    /** A stream of zeros that is read on the fly. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = (int) Math.min(length, left);
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    @Test
    void whatIsTooLargeLeavesNothingBehind() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("staging"));
        Staging staging = new Staging(folder, sha256 -> false, 6 << 20);
        assertThrows(UserException.class, () -> staging.stage(() -> new Zeros((6 << 20) + 1)));
        assertThrows(
                IOException.class,
                () ->
                        staging.stage(
                                () -> new SequenceInputStream(new Zeros(5 << 20), new Broken())));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** Fails as a damaged member does, at its end. */
    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("is damaged");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : read();
        }
    }

    /** Two entries of the directory that point at the same bytes. */
    @Test
    void membersThatLieInOneAnotherAreRefused() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("s/a.png", Made.png(1));
        files.put("s/b.png", Made.png(1));
        Path zip = Made.zip(temp.resolve("a.zip"), files);
        byte[] bytes = Files.readAllBytes(zip);
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int second = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("PK\1\2");
        // The offset of the local header stands 42 bytes into an entry.
        view.putInt(second + 42, 0);
        Files.write(zip, bytes);
        String refusal = refusal(zip);
        assertTrue(refusal.contains("members lie in one another"), refusal);
    }

    @Test
    void aMemberLongerThanItSaysIsNamed() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("s/a.bmp", Made.picture(1, "bmp"));
        files.put("s/b.bmp", Made.picture(2, "bmp"));
        Path zip = Made.zip(temp.resolve("a.zip"), files);
        byte[] bytes = Files.readAllBytes(zip);
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int first = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        view.putInt(first + 24, 100);
        Files.write(zip, bytes);
        ImportReport report = Made.run(zip, temp.resolve("out"));
        assertEquals(1, report.imported());
        assertTrue(report.problems().get(0).toString().contains("s/a.bmp: "), report.toString());
    }

    @Test
    void sparseFilesAndLinksInATarAreNamed() throws IOException {
        Path file = temp.resolve("a.tar");
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            TarArchiveEntry link = new TarArchiveEntry("s/link.png", TarArchiveEntry.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            tar.putArchiveEntry(new TarArchiveEntry("s/pipe", TarArchiveEntry.LF_FIFO));
            tar.closeArchiveEntry();
            TarArchiveEntry picture = new TarArchiveEntry("s/a.png");
            picture.setSize(Made.png(1).length);
            tar.putArchiveEntry(picture);
            tar.write(Made.png(1));
            tar.closeArchiveEntry();
        }
        ImportReport report = Made.run(file, temp.resolve("out"));
        assertEquals(1, report.imported());
        assertEquals(2, report.skipped(), report.toString());
    }

    @Test
    void compressedTarsAreRead() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("1.jpg", Made.jpg(1));
        files.put("1.TXT", Made.text("a boat"));
        files.put("1.json", Made.text("{\"style\": \"ink\"}"));
        byte[] tar = Files.readAllBytes(Made.tar(temp.resolve("plain.tar"), files));
        Path gzip = temp.resolve("a.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(tar);
        }
        Path zstd = temp.resolve("a.tar.zst");
        try (OutputStream out = new ZstdCompressorOutputStream(Files.newOutputStream(zstd))) {
            new ByteArrayInputStream(tar).transferTo(out);
        }
        for (Path file : List.of(gzip, zstd)) {
            Path out = temp.resolve("out-" + file.getFileName());
            assertEquals("webdataset", Made.run(file, out).format());
            assertEquals("a boat", Made.items(out).get(0).text());
        }
        Files.write(gzip, Arrays.copyOf(Files.readAllBytes(gzip), 200));
        String refusal = refusal(gzip);
        assertTrue(refusal.contains("a.tar.gz cannot be unpacked"), refusal);
        Files.write(gzip, Arrays.copyOf(Files.readAllBytes(gzip), 12));
        String early = refusal(gzip);
        assertTrue(early.contains("a.tar.gz cannot be unpacked (it ends early)"), early);
    }

    @Test
    void linesWithoutEndAreRefused() throws IOException {
        byte[] start = Made.text("file_name,text\na.png,\"");
        byte[] endless = Arrays.copyOf(start, TextLines.MOST + 100_000);
        Arrays.fill(endless, start.length, endless.length, (byte) 'x');
        for (String name : List.of("metadata.csv", "metadata.jsonl")) {
            Path source =
                    Made.folder(temp.resolve(name), Map.of("a.png", Made.png(1), name, endless));
            String refusal = refusal(source);
            assertTrue(refusal.contains(TextLines.MOST + " characters"), refusal);
        }
    }

    @Test
    void brotliIsNamedAndNoObjectIs() throws IOException {
        Path file = temp.resolve("brotli.parquet");
        try (InputStream in = getClass().getResourceAsStream("brotli.parquet")) {
            Files.copy(in, file);
        }
        String refusal = refusal(file);
        assertTrue(
                refusal.endsWith(
                        "is compressed with brotli, which is not read; write it anew with zstd,"
                                + " snappy or gzip"),
                refusal);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300));
        refusal = refusal(file);
        assertTrue(refusal.contains("is truncated or no parquet file"), refusal);
        assertFalse(refusal.matches("(?s).*@[0-9a-f]{6,8}.*"), refusal);
    }
}
