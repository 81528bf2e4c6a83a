package dev.stanstudio.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.stanstudio.base.Json;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Strict JSON of headers and index files: UTF-8, one document, no key twice, one-line errors. */
final class HeaderJson {
    /** The longest header the format allows, in bytes. */
    static final int MAX_BYTES = 100_000_000;

    private static final int SHOWN = 120;

    // Names come from untrusted files: no shared symbol table that they could fill or make collide.
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxStringLength(MAX_BYTES).build())
                    .build();

    private HeaderJson() {}

    /**
     * Reads the value of one field, on which the parser stands; ends on that value's last token.
     */
    interface FieldReader {
        void read(String key) throws IOException;
    }

    /** Reads a whole document. */
    interface DocumentReader {
        void read(JsonParser json) throws IOException;
    }

    /**
     * Applies {@code reader} to the document in {@code utf8}, then refuses anything that follows
     * it.
     */
    static void read(Path file, byte[] utf8, DocumentReader reader) {
        requireUtf8(file, utf8);
        // A Reader, because Jackson would guess UTF-16 from zero bytes.
        try (JsonParser json =
                JSON.createParser(
                        new InputStreamReader(
                                new ByteArrayInputStream(utf8), StandardCharsets.UTF_8))) {
            reader.read(json);
            if (json.nextToken() != null) {
                throw new SafetensorsException(
                        Violation.INVALID_JSON,
                        file,
                        "more text follows the JSON object; the file is damaged, get it again");
            }
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(
                    Violation.INVALID_JSON,
                    file,
                    "not valid JSON (%s); the file is damaged, get it again".formatted(reason(e)),
                    e);
        } catch (IOException e) {
            throw new AssertionError("reading from memory failed", e);
        }
    }

    private static String reason(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "it ends before its last brace";
        }
        String what = printable(Json.problem(e));
        JsonLocation where = e.getLocation(); // null where a limit was exceeded
        return where == null ? what : what + " at character " + where.getCharOffset();
    }

    /** Reads the fields of the object on whose brace the parser stands. */
    static void eachField(JsonParser json, Path file, String where, FieldReader reader)
            throws IOException {
        Set<String> seen = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            requireText(file, key, where);
            if (!seen.add(key)) {
                throw new SafetensorsException(
                        Violation.DUPLICATE_KEY,
                        file,
                        "key %s stands twice in %s; rewrite the file with one of them"
                                .formatted(quote(key), where));
            }
            json.nextToken();
            reader.read(key);
        }
    }

    /** Refuses half a surrogate pair, which JSON's escapes can spell but UTF-8 cannot. */
    static void requireText(Path file, String text, String where) {
        if (!isText(text)) {
            throw new SafetensorsException(
                    Violation.INVALID_JSON,
                    file,
                    "text %s in %s holds half a surrogate pair; rewrite the file"
                            .formatted(quote(text), where));
        }
    }

    /** Returns true if UTF-8 can hold {@code text}. */
    static boolean isText(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** {@code text} in quotes, safe to print: control characters escaped, long text cut. */
    static String quote(String text) {
        return '"' + printable(text) + '"';
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (char c : text.substring(0, Math.min(text.length(), SHOWN)).toCharArray()) {
            if (Character.isISOControl(c) || Character.isSurrogate(c) || isFormat(c)) {
                shown.append("\\u%04x".formatted((int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > SHOWN ? shown.append('…').toString() : shown.toString();
    }

    private static boolean isFormat(char c) {
        int type = Character.getType(c);
        return type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static void requireUtf8(Path file, byte[] text) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(text);
        CharBuffer chars = CharBuffer.allocate(1 << 13);
        CoderResult result;
        do {
            result = decoder.decode(bytes, chars.clear(), true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new SafetensorsException(
                    Violation.INVALID_UTF8,
                    file,
                    "JSON text is not UTF-8 at byte %d; the file is damaged, get it again"
                            .formatted(bytes.position()));
        }
    }
}
