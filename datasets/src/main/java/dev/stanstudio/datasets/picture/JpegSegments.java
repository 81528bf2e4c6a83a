package dev.stanstudio.datasets.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The marker segments before a JPEG's first scan (ITU-T T.81, B.1.1.4). */
final class JpegSegments {

    private static final int FRAME = 0xC0;
    private static final int PROGRESSIVE_FRAME = 0xC2;
    private static final int START_OF_SCAN = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final byte[] ADOBE = ascii("Adobe");
    private static final byte[] JFIF = ascii("JFIF\0");
    private static final byte[] EXIF = ascii("Exif\0\0");
    private static final byte[] PROFILE = ascii("ICC_PROFILE\0");

    private final byte[] file;
    private final List<Segment> segments = new ArrayList<>();

    /** The payload's place in the file. */
    private record Segment(int marker, int start, int end) {}

    /** Stops without complaint where the segments make no sense; the decoder says what is wrong. */
    JpegSegments(byte[] file) {
        this.file = file;
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xFF) == 0xFF) {
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++;
                continue;
            }
            int end = at + 2 + ((file[at + 2] & 0xFF) << 8) + (file[at + 3] & 0xFF);
            if (marker == START_OF_SCAN || end < at + 4 || end > file.length) {
                break;
            }
            segments.add(new Segment(marker, at + 4, end));
            at = end;
        }
    }

    /** Whether Adobe's marker is there, which says among others that CMYK is inverted. */
    boolean hasAdobeMarker() {
        return segments.stream().anyMatch(s -> is(s, APP14, ADOBE));
    }

    /**
     * The file, with JFIF's marker where three colours have neither that nor Adobe's: they are luma
     * and chroma unless they are called R, G and B (libjpeg's jdapimin.c), while the JDK takes them
     * for red, green and blue if it does not know their names.
     */
    byte[] withKnownColours() {
        boolean marked = hasAdobeMarker() || segments.stream().anyMatch(s -> is(s, APP0, JFIF));
        boolean unnamed = segments.stream().anyMatch(this::isFrameOfLumaAndChroma);
        if (marked || !unnamed) {
            return file;
        }
        byte[] marker = {-1, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
        return ByteBuffer.allocate(file.length + marker.length)
                .put(file, 0, 2)
                .put(marker)
                .put(file, 2, file.length - 2)
                .array();
    }

    /** Whether it heads a frame (T.81, B.2.2) of three components not called R, G and B. */
    private boolean isFrameOfLumaAndChroma(Segment segment) {
        boolean frame = segment.marker >= FRAME && segment.marker <= PROGRESSIVE_FRAME;
        int names = segment.start + 6;
        return frame
                && segment.end >= names + 9
                && file[names - 1] == 3
                && !(file[names] == 'R' && file[names + 3] == 'G' && file[names + 6] == 'B');
    }

    /** The TIFF block of the EXIF segment, or null without one. */
    byte @Nullable [] exif() {
        for (Segment segment : segments) {
            if (is(segment, APP1, EXIF)) {
                return Arrays.copyOfRange(file, segment.start + EXIF.length, segment.end);
            }
        }
        return null;
    }

    /** Blots out an embedded colour profile in the file's bytes, which a decoder would apply. */
    void blotColourProfile() {
        for (Segment segment : segments) {
            if (is(segment, APP2, PROFILE)) {
                file[segment.start] = 0;
            }
        }
    }

    private boolean is(Segment segment, int marker, byte[] signature) {
        int end = segment.start + signature.length;
        return segment.marker == marker
                && end <= segment.end
                && Arrays.equals(file, segment.start, end, signature, 0, signature.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
