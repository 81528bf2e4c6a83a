package dev.stanstudio.base.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the number of the orientation tag where Pillow's {@code Image.getexif} looks for it: in the
 * EXIF block, in a PNG's {@code Raw profile type exif}, in a TIFF's own directory, and where that
 * has none in the XMP packet.
 */
final class OrientationTag {
    /** Longer texts are not looked into; Pillow refuses them. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private static final String RAW_PROFILE = "Raw profile type exif";
    private static final String XMP_KEY = "XML:com.adobe.xmp";
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    private static final Set<String> PNG_CHUNKS = Set.of("eXIf", "tEXt", "zTXt", "iTXt");

    private OrientationTag() {}

    /** The number, 0 where the file has none. */
    static int of(Path file) throws IOException {
        PictureFormat format = PictureFormat.of(file);
        if (format == null) {
            return 0;
        }
        return switch (format) {
            case PNG -> ofPng(PngChunks.readAvailable(file, PNG_CHUNKS));
            case JPEG -> {
                JpegSegments segments = JpegSegments.of(file);
                yield first(segments.exif(), segments.xmp());
            }
            case WEBP -> first(WebpChunks.find(file, "EXIF"), WebpChunks.find(file, "XMP "));
            case TIFF -> ofTiff(file);
            case GIF, BMP -> 0;
        };
    }

    private static int ofTiff(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            TiffDirectory directory = TiffDirectory.of(in);
            if (directory == null) {
                return 0;
            }
            int own = directory.number(TiffDirectory.ORIENTATION, -1);
            return own >= 0 ? own : ofXmp(directory.bytes(TiffDirectory.XMP));
        }
    }

    /** The last chunk of a kind counts; only that is inflated. */
    private static int ofPng(List<PngChunk> chunks) {
        byte[] exif = null;
        PngChunk raw = null;
        PngChunk xmp = null;
        for (PngChunk chunk : chunks) {
            if (chunk.type().equals("eXIf")) {
                exif = chunk.data();
            } else if (isText(chunk, RAW_PROFILE)) {
                raw = chunk;
            } else if (isText(chunk, XMP_KEY)) {
                xmp = chunk;
            }
        }
        if (exif == null && raw != null) {
            exif = unhex(text(raw, RAW_PROFILE));
        }
        return first(exif, xmp == null ? null : text(xmp, XMP_KEY));
    }

    private static boolean isText(PngChunk chunk, String keyword) {
        return startsWith(chunk.data(), (keyword + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    /** EXIF where it has the tag, else XMP. */
    private static int first(byte @Nullable [] exif, byte @Nullable [] xmp) {
        int own = exif == null ? -1 : ofExif(exif);
        return own >= 0 ? own : ofXmp(xmp);
    }

    /** The tag of a block of EXIF, before which its name may stand; -1 without the tag. */
    private static int ofExif(byte[] block) {
        TiffDirectory directory = TiffDirectory.of(unnamed(block));
        return directory == null ? -1 : directory.number(TiffDirectory.ORIENTATION, -1);
    }

    /** A block of EXIF without the name that some programs put in front, even twice. */
    static byte[] unnamed(byte[] block) {
        byte[] tiff = block;
        for (int i = 0; i < 2 && startsWith(tiff, PREFIX); i++) {
            tiff = Arrays.copyOfRange(tiff, PREFIX.length, tiff.length);
        }
        return tiff;
    }

    private static int ofXmp(byte @Nullable [] xmp) {
        if (xmp == null) {
            return 0;
        }
        Matcher found = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
        return found.find() ? found.group(1).charAt(0) - '0' : 0;
    }

    /** ImageMagick's form: a line of nothing, a name, a length, then the bytes in hex. */
    private static byte @Nullable [] unhex(byte @Nullable [] profile) {
        if (profile == null) {
            return null;
        }
        String[] lines = new String(profile, StandardCharsets.ISO_8859_1).split("\n", 4);
        if (lines.length < 4) {
            return null;
        }
        try {
            return HexFormat.of().parseHex(lines[3].replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The text of a chunk behind its keyword, null where it is damaged. */
    private static byte @Nullable [] text(PngChunk chunk, String keyword) {
        byte[] data = chunk.data();
        int at = keyword.length() + 1;
        return switch (chunk.type()) {
            case "tEXt" -> Arrays.copyOfRange(data, at, data.length);
            case "zTXt" -> inflate(data, at + 1);
            case "iTXt" -> international(data, at);
            default -> null;
        };
    }

    /** Behind the keyword stand compression flag and method, language and translated keyword. */
    private static byte @Nullable [] international(byte[] data, int flag) {
        int at = flag + 2;
        for (int part = 0; part < 2; part++) {
            while (at < data.length && data[at] != 0) {
                at++;
            }
            at++;
        }
        if (at > data.length) {
            return null;
        }
        return data[flag] == 0 ? Arrays.copyOfRange(data, at, data.length) : inflate(data, at);
    }

    private static byte @Nullable [] inflate(byte[] data, int from) {
        if (from > data.length) {
            return null;
        }
        try (InflaterInputStream in =
                new InflaterInputStream(new ByteArrayInputStream(data, from, data.length - from))) {
            byte[] text = in.readNBytes(MAX_TEXT_BYTES + 1);
            return text.length > MAX_TEXT_BYTES ? null : text;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean startsWith(byte[] data, byte[] start) {
        return data.length >= start.length
                && Arrays.equals(data, 0, start.length, start, 0, start.length);
    }
}
