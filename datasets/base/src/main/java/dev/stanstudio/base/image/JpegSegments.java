package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The marker segments before a JPEG's first scan (ITU-T T.81, B.1.1.4). */
final class JpegSegments {

    private static final int START_OF_SCAN = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int MAX_FILE_BYTES = 1 << 30;
    private static final byte[] ADOBE = ascii("Adobe");
    private static final byte[] JFIF = ascii("JFIF\0");
    private static final byte[] EXIF = ascii("Exif\0\0");
    private static final byte[] XMP = ascii("http://ns.adobe.com/xap/1.0/\0");

    /** libjpeg takes shorter segments for something else. */
    private static final int JFIF_BYTES = 14;

    private static final int ADOBE_BYTES = 12;
    private static final byte[] JFIF_SEGMENT = {
        -1, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };
    private static final byte[] ADOBE_RGB_SEGMENT = {
        -1, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    private final byte[] file;
    private final List<Segment> segments = new ArrayList<>();
    private int scans;

    /** The payload's place in the file. */
    private record Segment(int marker, int start, int end) {}

    /** Stops silently where segments are malformed; the decoder reports the error. */
    JpegSegments(byte[] file) {
        this.file = file;
        int at = 2;
        scans = file.length;
        while (at + 4 <= file.length) {
            int marker = file[at + 1] & 0xFF;
            boolean marked = (file[at] & 0xFF) == 0xFF && marker != 0xFF && marker != 0;
            if (!marked) {
                // Between segments libjpeg skips bytes that are no marker.
                at++;
                continue;
            }
            int end = at + 2 + ((file[at + 2] & 0xFF) << 8) + (file[at + 3] & 0xFF);
            if (marker == START_OF_SCAN || end < at + 4 || end > file.length) {
                scans = at;
                break;
            }
            segments.add(new Segment(marker, at + 4, end));
            at = end;
        }
    }

    /**
     * The segments of a file.
     *
     * @throws UserException when the file is longer than a gigabyte
     */
    static JpegSegments of(Path file) throws IOException {
        long length = Files.size(file);
        if (length > MAX_FILE_BYTES) {
            throw new UserException(
                    "picture %s has %d bytes, more than the limit of %d; shrink the picture"
                            .formatted(file, length, MAX_FILE_BYTES));
        }
        return new JpegSegments(Files.readAllBytes(file));
    }

    /** The frame's header, or null where there is none before the first scan. */
    @Nullable JpegFrame frame() {
        for (Segment segment : segments) {
            JpegFrame frame =
                    JpegFrame.of(
                            segment.marker, Arrays.copyOfRange(file, segment.start, segment.end));
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    /** The colours of a frame, as libjpeg decides (jdapimin.c, default_decompress_parms). */
    JpegColours colours(JpegFrame frame) {
        boolean jfif = segments.stream().anyMatch(s -> is(s, APP0, JFIF, JFIF_BYTES));
        int transform = -1;
        for (Segment segment : segments) {
            if (is(segment, APP14, ADOBE, ADOBE_BYTES)) {
                transform = file[segment.start + ADOBE_BYTES - 1] & 0xFF;
            }
        }
        return switch (frame.components()) {
            case 1 -> JpegColours.GREY;
            case 3 -> {
                boolean rgb = transform < 0 ? frame.isNamedRgb() : transform == 0;
                yield !jfif && rgb ? JpegColours.RGB : JpegColours.LUMA_CHROMA;
            }
            default -> transform > 0 ? JpegColours.YCCK : JpegColours.CMYK;
        };
    }

    /**
     * The file with nothing in front of its first scan but what decoding needs, and with the one
     * marker that says the colours of three components: decoders guess otherwise than libjpeg, and
     * apply colour profiles.
     */
    byte[] plain(JpegColours colours) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + JFIF_SEGMENT.length);
        out.write(file, 0, 2);
        if (colours == JpegColours.LUMA_CHROMA) {
            out.writeBytes(JFIF_SEGMENT);
        } else if (colours == JpegColours.RGB) {
            out.writeBytes(ADOBE_RGB_SEGMENT);
        }
        for (Segment segment : segments) {
            boolean extra = segment.marker >= APP0 && segment.marker <= APP15;
            if (!extra && segment.marker != COMMENT) {
                out.write(file, segment.start - 4, segment.end - segment.start + 4);
            }
        }
        out.write(file, scans, file.length - scans);
        return out.toByteArray();
    }

    /** Counts the scans of the picture without decoding it. */
    int scanCount() {
        int count = 0;
        int at = scans;
        while (at + 4 <= file.length) {
            int marker = file[at + 1] & 0xFF;
            boolean data = (file[at] & 0xFF) != 0xFF || marker == 0xFF || marker <= 1;
            boolean restart = marker >= 0xD0 && marker <= 0xD8;
            if (data || restart) {
                at++;
            } else if (marker == 0xD9) {
                break;
            } else {
                count += marker == START_OF_SCAN ? 1 : 0;
                at += 2 + ((file[at + 2] & 0xFF) << 8) + (file[at + 3] & 0xFF);
            }
        }
        return count;
    }

    /** The first block of EXIF behind its name, or null without one. */
    byte @Nullable [] exif() {
        for (Segment segment : segments) {
            if (is(segment, APP1, EXIF, EXIF.length)) {
                return Arrays.copyOfRange(file, segment.start + EXIF.length, segment.end);
            }
        }
        return null;
    }

    /** The last XMP packet, as Pillow has it, or null without one. */
    byte @Nullable [] xmp() {
        byte[] last = null;
        for (Segment segment : segments) {
            if (is(segment, APP1, XMP, XMP.length)) {
                last = Arrays.copyOfRange(file, segment.start + XMP.length, segment.end);
            }
        }
        return last;
    }

    private boolean is(Segment segment, int marker, byte[] signature, int least) {
        int end = segment.start + signature.length;
        return segment.marker == marker
                && segment.end - segment.start >= least
                && Arrays.equals(file, segment.start, end, signature, 0, signature.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
