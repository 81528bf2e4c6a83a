package dev.stanstudio.base.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Reads texts of unknown encoding: UTF-8, UTF-16 and UTF-32 with or without a mark, and the
 * encodings that Mozilla's detector finds with certainty. A text that none of them decodes to the
 * last byte is refused, so that no character is ever replaced. Thread-safe.
 */
public final class TextEncoding {
    /** Opens the text's bytes; may be called several times. */
    @FunctionalInterface
    public interface Source {
        /** A new stream from the first byte on. */
        InputStream open() throws IOException;
    }

    private record Mark(String bytes, Charset charset) {}

    /** The longer marks come first: UTF-32's begins with UTF-16's. */
    private static final List<Mark> MARKS =
            List.of(
                    new Mark("\u00EF\u00BB\u00BF", StandardCharsets.UTF_8),
                    new Mark("\u00FF\u00FE\0\0", Charset.forName("UTF-32LE")),
                    new Mark("\0\0\u00FE\u00FF", Charset.forName("UTF-32BE")),
                    new Mark("\u00FF\u00FE", StandardCharsets.UTF_16LE),
                    new Mark("\u00FE\u00FF", StandardCharsets.UTF_16BE));

    private static final int LONGEST_MARK = 4;

    /** Number of characters by which a guess is checked. */
    private static final int SAMPLE = 1 << 16;

    /** The detector's names and, where that is larger, what editors write under these names. */
    private static final Map<String, Charset> DETECTED =
            Map.of(
                    "GB18030", Charset.forName("GB18030"),
                    "BIG5", Charset.forName("Big5-HKSCS"),
                    "SHIFT_JIS", Charset.forName("windows-31j"),
                    "EUC-JP", Charset.forName("EUC-JP"),
                    "EUC-KR", Charset.forName("x-windows-949"),
                    "WINDOWS-1251", Charset.forName("windows-1251"),
                    "WINDOWS-1252", Charset.forName("windows-1252"),
                    "KOI8-R", Charset.forName("KOI8-R"));

    private final @Nullable Charset stated;

    private final boolean guessed;

    private TextEncoding(@Nullable Charset stated, boolean guessed) {
        this.stated = stated;
        this.guessed = guessed;
    }

    /** Determines the encoding of each text by itself. */
    public static final TextEncoding DETECT = new TextEncoding(null, false);

    /** Decodes texts as {@code charset} unless a mark or valid UTF-8 shows another encoding. */
    public static TextEncoding of(Charset charset) {
        return new TextEncoding(charset, false);
    }

    /**
     * The encoding of texts that are too short to determine it from one of them, found from many
     * together; null where it stays unknown, or this one was stated.
     *
     * @param texts of one data set whose encoding is unknown, concatenated
     */
    public @Nullable TextEncoding together(byte[] texts) throws IOException {
        if (stated != null) {
            return null;
        }
        Source all = () -> new ByteArrayInputStream(texts);
        @Nullable Charset found = detected(all);
        return found != null && fits(found, all) ? new TextEncoding(found, true) : null;
    }

    /**
     * The text in {@code bytes} without its mark.
     *
     * @param name of the file, for the message
     * @throws UnknownEncodingException when no encoding fits
     */
    public String decode(String name, byte[] bytes) {
        try (Reader in = reader(name, () -> new ByteArrayInputStream(bytes))) {
            StringBuilder text = new StringBuilder(bytes.length);
            char[] buffer = new char[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                text.append(buffer, 0, n);
            }
            return text.toString();
        } catch (CharacterCodingException e) {
            throw undecodable(name);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    /**
     * A reader of a text of any length, from behind its mark. The text is read once completely to
     * determine its encoding.
     *
     * @throws UnknownEncodingException when no encoding fits
     */
    public Reader reader(String name, Source source) throws IOException {
        byte[] head;
        try (InputStream in = source.open()) {
            head = in.readNBytes(LONGEST_MARK);
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        for (Mark mark : MARKS) {
            if (start.startsWith(mark.bytes())) {
                if (!decodes(mark.charset(), source)) {
                    throw undecodable(name);
                }
                return open(source, mark.charset(), mark.bytes().length());
            }
        }
        return open(source, unmarked(name, source), 0);
    }

    private Charset unmarked(String name, Source source) throws IOException {
        boolean zeros = hasZeros(source);
        if (!zeros && decodes(StandardCharsets.UTF_8, source)) {
            return StandardCharsets.UTF_8;
        }
        if (stated != null) {
            if (guessed ? fits(stated, source) : decodes(stated, source)) {
                return stated;
            }
            throw new UnknownEncodingException(name, "is not " + stated + " text");
        }
        @Nullable Charset found = zeros ? Utf16Guess.of(source) : detected(source);
        if (found == null || !fits(found, source)) {
            throw undecodable(name);
        }
        return found;
    }

    private static UnknownEncodingException undecodable(String name) {
        return new UnknownEncodingException(name, "is in no encoding that can be told");
    }

    /** Returns true if a guessed encoding decodes the whole text, to plausible characters. */
    private static boolean fits(Charset guess, Source source) throws IOException {
        return decodes(guess, source) && Plausible.is(start(guess, source), guess);
    }

    private static String start(Charset charset, Source source) throws IOException {
        char[] start = new char[SAMPLE];
        int length = 0;
        try (Reader in = open(source, charset, 0)) {
            for (int n = in.read(start); n > 0; n = in.read(start, length, SAMPLE - length)) {
                length += n;
            }
        }
        return new String(start, 0, length);
    }

    private static boolean hasZeros(Source source) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (buffer[i] == 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static @Nullable Charset detected(Source source) throws IOException {
        UniversalDetector detector = new UniversalDetector();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.open()) {
            for (int n = in.read(buffer); n >= 0 && !detector.isDone(); n = in.read(buffer)) {
                detector.handleData(buffer, 0, n);
            }
        }
        detector.dataEnd();
        String found = detector.getDetectedCharset();
        return found == null ? null : DETECTED.get(found);
    }

    private static boolean decodes(Charset charset, Source source) throws IOException {
        char[] buffer = new char[1 << 14];
        try (Reader in = open(source, charset, 0)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (isNoText(buffer[i], charset)) {
                        return false;
                    }
                }
            }
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * Zeros are in no text. The rest shows that an encoding was guessed wrong; in UTF-8, which is
     * no guess, a text may hold it.
     */
    private static boolean isNoText(char one, Charset charset) {
        if (one == 0 || charset.equals(StandardCharsets.UTF_8)) {
            return one == 0;
        }
        return one == '\uFFFD' || (one >= '\u0080' && one <= '\u009F' && one != '\u0085');
    }

    private static Reader open(Source source, Charset charset, int skipped) throws IOException {
        InputStream in = source.open();
        in.skipNBytes(skipped);
        return new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }
}
