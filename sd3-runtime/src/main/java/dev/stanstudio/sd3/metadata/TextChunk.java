package dev.stanstudio.sd3.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.PngChunk;
import dev.stanstudio.sd3.pipeline.TextRules;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/**
 * One {@code tEXt}, {@code zTXt} or {@code iTXt} chunk (PNG specification, 11.3.3.2 to 11.3.3.4).
 */
record TextChunk(String keyword, String text) {

    static final Set<String> TYPES = Set.of("tEXt", "zTXt", "iTXt");

    /** Texts that inflate to more are refused. */
    static final int MAX_TEXT_BYTES = 16 << 20;

    private static final int MAX_KEYWORD = 79;

    static PngChunk encode(String keyword, String text) {
        if (keyword.isEmpty()
                || keyword.length() > MAX_KEYWORD
                || keyword.indexOf(0) >= 0
                || !isLatin1(keyword)) {
            throw new UserException(
                    "a PNG keyword has 1 to 79 Latin-1 characters, unlike \"" + keyword + "\"");
        }
        String problem = TextRules.problem(text);
        if (!problem.isEmpty()) {
            throw new UserException("the PNG text \"" + keyword + "\" contains " + problem);
        }
        boolean latin1 = isLatin1(text) && text.equals(text(text.getBytes(ISO_8859_1)));
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(ISO_8859_1));
        // iTXt: the keyword's end, not compressed, method 0, empty language, empty translated
        // keyword.
        data.writeBytes(new byte[latin1 ? 1 : 5]);
        data.writeBytes(text.getBytes(latin1 ? ISO_8859_1 : UTF_8));
        return new PngChunk(latin1 ? "tEXt" : "iTXt", data.toByteArray());
    }

    static TextChunk decode(Path file, PngChunk chunk) {
        byte[] data = chunk.data();
        try {
            int end = indexOfNul(data, 0);
            String keyword = new String(data, 0, end, ISO_8859_1);
            String text =
                    switch (chunk.type()) {
                        case "tEXt" -> text(rest(data, end + 1));
                        case "zTXt" -> text(inflate(data, end + 1, end + 2));
                        default -> international(data, end + 1);
                    };
            return new TextChunk(keyword, text);
        } catch (IOException e) {
            throw new UserException(
                    "PNG %s: text chunk %s: %s".formatted(file, chunk.type(), e.getMessage()), e);
        }
    }

    /**
     * A text that the specification says is Latin-1, where many programs write UTF-8: bytes beyond
     * ASCII that are sound UTF-8 are hardly ever meant as anything else.
     */
    private static String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, ISO_8859_1);
        }
    }

    private static String international(byte[] data, int flag) throws IOException {
        int language = flag + 2;
        int translated = indexOfNul(data, language) + 1;
        int text = indexOfNul(data, translated) + 1;
        boolean compressed = data[flag] != 0;
        return new String(compressed ? inflate(data, flag + 1, text) : rest(data, text), UTF_8);
    }

    private static byte[] inflate(byte[] data, int method, int start) throws IOException {
        if (start > data.length) {
            throw new IOException("it ends before its text");
        }
        if (data[method] != 0) {
            throw new IOException("unknown compression method " + data[method]);
        }
        try (InputStream in =
                new InflaterInputStream(
                        new ByteArrayInputStream(data, start, data.length - start))) {
            byte[] text = in.readNBytes(MAX_TEXT_BYTES + 1);
            if (text.length > MAX_TEXT_BYTES) {
                throw new IOException("it inflates to more than " + MAX_TEXT_BYTES + " bytes");
            }
            return text;
        }
    }

    private static byte[] rest(byte[] data, int start) {
        return Arrays.copyOfRange(data, start, data.length);
    }

    private static int indexOfNul(byte[] data, int from) throws IOException {
        for (int i = from; i < data.length; i++) {
            if (data[i] == 0) {
                return i;
            }
        }
        throw new IOException("it ends before its text");
    }

    private static boolean isLatin1(String text) {
        return text.chars().allMatch(c -> c <= 0xFF);
    }
}
