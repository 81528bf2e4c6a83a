package dev.stanstudio.base.image;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first frame of a GIF file and the screen that it stands on (GIF89a, sections 18 and 20).
 *
 * @param width of the screen, or as far as the frame goes beyond it; like the height
 * @param left where the frame stands, like its top
 * @param interlaced whether its rows come in four passes
 * @param transparent whether it has a transparent colour
 * @param complete whether its data hold every pixel
 * @param plain a file of this frame alone, without comments, its rows in the order stored
 */
record GifFrame(
        int width,
        int height,
        int left,
        int top,
        boolean interlaced,
        boolean transparent,
        boolean complete,
        ByteArrayOutputStream plain) {
    private static final int HEADER_BYTES = 13;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;
    private static final int DESCRIPTOR_BYTES = 9;

    /** Position of the flags in a block of graphic control; the first says transparent. */
    private static final int FLAGS = 3;

    private static final int INTERLACED = 0x40;

    /** Without this a file of nothing but blocks would be held whole. */
    private static final int MAX_FRAME_BYTES = 1 << 30;

    /**
     * Reads up to the end of the first frame.
     *
     * @throws IOException when there is none; a frame that is cut short is kept as it is
     */
    static GifFrame of(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] header = exactly(in, HEADER_BYTES);
            byte[] table = exactly(in, tableBytes(header[10]));
            byte[] control = beforeFrame(in);
            byte[] descriptor = exactly(in, DESCRIPTOR_BYTES);
            boolean interlaced = (descriptor[8] & INTERLACED) != 0;
            descriptor[8] &= ~INTERLACED;
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            plain.writeBytes(header);
            plain.writeBytes(table);
            plain.writeBytes(control);
            plain.write(IMAGE);
            plain.writeBytes(descriptor);
            plain.writeBytes(exactly(in, tableBytes(descriptor[8])));
            int codeBits = exactly(in, 1)[0];
            plain.write(codeBits);
            LzwCheck check =
                    new LzwCheck(codeBits, (long) number(descriptor, 4) * number(descriptor, 6));
            copyBlocks(in, plain, check);
            plain.write(TRAILER);
            int left = number(descriptor, 0);
            int top = number(descriptor, 2);
            return new GifFrame(
                    Math.max(number(header, 6), left + number(descriptor, 4)),
                    Math.max(number(header, 8), top + number(descriptor, 6)),
                    left,
                    top,
                    interlaced,
                    control.length > FLAGS && (control[FLAGS] & 1) != 0,
                    check.isComplete(),
                    plain);
        } catch (EOFException e) {
            throw new IOException("it is truncated", e);
        }
    }

    /** Skips extensions; returns the last that says what is transparent, as a block. */
    private static byte[] beforeFrame(InputStream in) throws IOException {
        byte[] control = {};
        int block = exactly(in, 1)[0];
        while (block != IMAGE && block != TRAILER) {
            if (block != EXTENSION) {
                // Pillow skips what is no block.
                block = exactly(in, 1)[0];
                continue;
            }
            byte[] extension = extension(in);
            control = extension.length > 0 ? extension : control;
            block = exactly(in, 1)[0];
        }
        if (block != IMAGE) {
            throw new IOException("it has no frame");
        }
        return control;
    }

    /** Reads an extension; only a graphic control's block is kept, with its frame. */
    private static byte[] extension(InputStream in) throws IOException {
        int label = exactly(in, 1)[0] & 0xFF;
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        for (int length = in.read(); length > 0; length = in.read()) {
            byte[] part = exactly(in, length);
            if (label == GRAPHIC_CONTROL && kept.size() == 0) {
                kept.write(EXTENSION);
                kept.write(label);
                kept.write(length);
                kept.writeBytes(part);
                kept.write(0);
            }
        }
        return kept.toByteArray();
    }

    private static void copyBlocks(InputStream in, ByteArrayOutputStream to, LzwCheck check)
            throws IOException {
        for (int length = in.read(); length > 0; length = in.read()) {
            byte[] block = in.readNBytes(length);
            to.write(length);
            to.writeBytes(block);
            check.add(block);
            if (to.size() > MAX_FRAME_BYTES) {
                throw new IOException("its first frame has more than 1 GiB");
            }
        }
        to.write(0);
    }

    private static int tableBytes(byte flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) + ((bytes[at + 1] & 0xFF) << 8);
    }
}
