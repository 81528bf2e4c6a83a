package dev.stanstudio.datasets.picture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The marker segments before a JPEG's first scan (ITU-T T.81, B.1.1.4). */
final class JpegSegments {

    private static final int START_OF_SCAN = 0xDA;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int APP14 = 0xEE;
    private static final byte[] ADOBE = ascii("Adobe");
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
