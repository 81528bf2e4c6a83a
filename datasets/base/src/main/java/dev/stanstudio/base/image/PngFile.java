package dev.stanstudio.base.image;

import dev.stanstudio.base.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes 8-bit PNG files. Equal pictures and chunks give equal bytes. */
public final class PngFile {

    /** zlib's own default: what a higher level saves on pictures does not pay for its time. */
    private static final int COMPRESSION_LEVEL = 6;

    private static final int IDAT_BYTES = 1 << 20;

    private PngFile() {}

    /**
     * Writes the picture with further chunks between its header and its pixels. The file appears
     * whole or not at all.
     *
     * @param chunks ancillary chunks such as text, in file order
     * @throws dev.stanstudio.base.UserException when the folder is missing or cannot be written
     */
    public static void write(Path target, Picture picture, List<PngChunk> chunks) {
        AtomicFile.write(target, out -> encode(out, picture, chunks));
    }

    /** The file's bytes, as {@link #write} writes them. */
    public static byte[] bytes(Picture picture, List<PngChunk> chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            encode(out, picture, chunks);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return out.toByteArray();
    }

    private static void encode(OutputStream out, Picture picture, List<PngChunk> chunks)
            throws IOException {
        out.write(PngChunks.SIGNATURE);
        writeChunk(out, header(picture));
        for (PngChunk chunk : chunks) {
            writeChunk(out, chunk);
        }
        writePixels(out, picture);
        writeChunk(out, new PngChunk(PngChunks.END, new byte[0]));
    }

    private static PngChunk header(Picture picture) {
        int colourType =
                switch (picture.mode()) {
                    case BILEVEL, GREY -> PngHeader.GREY;
                    case GREY_ALPHA -> PngHeader.GREY + PngHeader.ALPHA;
                    case RGB, PALETTE -> PngHeader.TRUECOLOUR;
                    case RGBA -> PngHeader.TRUECOLOUR + PngHeader.ALPHA;
                };
        ByteBuffer data = ByteBuffer.allocate(13);
        data.putInt(picture.width()).putInt(picture.height()).put((byte) 8).put((byte) colourType);
        return new PngChunk("IHDR", data.array());
    }

    private static void writePixels(OutputStream out, Picture picture) throws IOException {
        Deflater deflater = new Deflater(COMPRESSION_LEVEL);
        try (IdatStream idat = new IdatStream(out);
                DeflaterOutputStream zlib = new DeflaterOutputStream(idat, deflater, 1 << 13)) {
            PngRowFilter filter = new PngRowFilter(picture);
            for (int y = 0; y < picture.height(); y++) {
                zlib.write(filter.filter(y));
            }
        } finally {
            deflater.end();
        }
    }

    private static void writeChunk(OutputStream out, PngChunk chunk) throws IOException {
        byte[] data = chunk.data();
        CRC32 crc = new CRC32();
        crc.update(chunk.typeBytes());
        crc.update(data);
        out.write(ByteBuffer.allocate(4).putInt(data.length).array());
        out.write(chunk.typeBytes());
        out.write(data);
        out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /**
     * Cuts the compressed stream into IDAT chunks; closing writes the last one, not the file's end.
     */
    private static final class IdatStream extends OutputStream {

        private final OutputStream out;
        private final byte[] buffer = new byte[IDAT_BYTES];
        private int count;

        IdatStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                if (count == buffer.length) {
                    writeBuffered();
                }
                int fits = Math.min(length - done, buffer.length - count);
                System.arraycopy(bytes, offset + done, buffer, count, fits);
                count += fits;
                done += fits;
            }
        }

        @Override
        public void close() throws IOException {
            if (count > 0) {
                writeBuffered();
            }
        }

        private void writeBuffered() throws IOException {
            writeChunk(out, new PngChunk("IDAT", Arrays.copyOf(buffer, count)));
            count = 0;
        }
    }
}
