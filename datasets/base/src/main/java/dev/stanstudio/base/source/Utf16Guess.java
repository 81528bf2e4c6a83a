package dev.stanstudio.base.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Determines the byte order of UTF-16 without a mark from the positions of blanks, digits and
 * letters.
 */
final class Utf16Guess {
    private static final int SAMPLE = 1 << 16;

    /** Ideographs apart, nearly every character is a common one. */
    private static final double ENOUGH = 0.6;

    private Utf16Guess() {}

    /**
     * The encoding of a text that holds zero bytes; null when it is not UTF-16 or its byte order is
     * undecided. Read in the wrong order, alphabets turn into rare ideographs.
     */
    static @Nullable Charset of(TextEncoding.Source source) throws IOException {
        byte[] bytes;
        try (InputStream in = source.open()) {
            bytes = in.readNBytes(SAMPLE);
        }
        if (bytes.length % 2 != 0) {
            return null;
        }
        double little = common(bytes, 1);
        double big = common(bytes, 0);
        if (Math.max(little, big) < ENOUGH || little == big) {
            return null;
        }
        return little > big ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }

    /** The share of characters of alphabets and marks, with the high byte at {@code high}. */
    private static double common(byte[] bytes, int high) {
        int common = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            int one = (bytes[i + high] & 0xFF) << 8 | (bytes[i + 1 - high] & 0xFF);
            boolean alphabet = one >= ' ' && one < 0x0530;
            boolean mark = one == '\n' || one == '\r' || one == '\t';
            boolean kana = (one >= 0x2010 && one < 0x2030) || (one >= 0x3000 && one < 0x3100);
            common += alphabet || mark || kana ? 1 : 0;
        }
        return common / (bytes.length / 2.0);
    }
}
