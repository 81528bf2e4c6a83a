package dev.stanstudio.base.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Set;

/** Determines from a file's header whether its picture has alpha or a transparent colour. */
final class Transparency {
    private static final int PNG_COLOUR_TYPE = 9;
    private static final int WEBP_ALPHA_FLAG = 0x10;
    private static final int BMP_BITS = 28;
    private static final int BMP_ALPHA_MASK = 66;
    private static final int BMP_HEADER_WITH_ALPHA = 56;

    private Transparency() {}

    /** Returns whether the file states transparency; it may yet be used nowhere. */
    static boolean isStated(Path file, PictureFormat format) throws IOException {
        return switch (format) {
            case JPEG -> false;
            case PNG -> png(file);
            case GIF -> GifFrame.of(file).transparent();
            case WEBP -> webp(file);
            case TIFF -> tiff(file);
            case BMP -> bmp(file);
        };
    }

    private static boolean png(Path file) throws IOException {
        boolean alpha = false;
        for (PngChunk chunk : PngChunks.readAvailable(file, Set.of("IHDR", "tRNS"))) {
            byte[] data = chunk.data();
            alpha |=
                    chunk.type().equals("tRNS")
                            || (data.length > PNG_COLOUR_TYPE
                                    && (data[PNG_COLOUR_TYPE] & PngHeader.ALPHA) != 0);
        }
        return alpha;
    }

    /** The extended header's flag; the simple lossless form has it behind its two lengths. */
    private static boolean webp(Path file) throws IOException {
        byte[] extended = WebpChunks.find(file, "VP8X");
        if (extended != null) {
            return extended.length > 0 && (extended[0] & WEBP_ALPHA_FLAG) != 0;
        }
        byte[] lossless = WebpChunks.begin(file, "VP8L", 5);
        return lossless != null && (lossless[4] & 0x10) != 0;
    }

    private static boolean tiff(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            TiffDirectory directory = TiffDirectory.of(in);
            int extra = directory == null ? TiffDirectory.UNSPECIFIED : directory.extraSample();
            return extra == TiffDirectory.MULTIPLIED || extra == TiffDirectory.ALPHA;
        }
    }

    private static boolean bmp(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < BMP_ALPHA_MASK + 4) {
                return false;
            }
            in.seek(14);
            int header = Integer.reverseBytes(in.readInt());
            in.seek(BMP_BITS);
            int bits = in.readUnsignedByte();
            in.seek(BMP_ALPHA_MASK);
            return header >= BMP_HEADER_WITH_ALPHA && bits == 32 && in.readInt() != 0;
        }
    }
}
