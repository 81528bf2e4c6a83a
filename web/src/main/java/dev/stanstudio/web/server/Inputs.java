package dev.stanstudio.web.server;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, before any handler sees them, forms and addresses that cannot be read, and texts with a
 * NUL in them, which neither databases nor file systems take.
 */
final class Inputs {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FILES = "multipart/";
    private static final String ADDRESS = "the address";
    private static final int MOST_FIELDS = 50_000;
    private static final int HEXADECIMAL = 16;
    private static final int ASCII = 0x80;

    private Inputs() {}

    static void check(Context ctx) {
        if (ctx.req().getAttribute(BodyReader.REFUSAL) instanceof PageException refusal) {
            throw refusal;
        }
        String path = ctx.req().getRequestURI();
        percents(path, ADDRESS); // Jetty lets %u0041 through
        utf8(decoded(path), ADDRESS);
        percents(ctx.queryString(), ADDRESS);
        utf8(decoded(Objects.requireNonNullElse(ctx.queryString(), "")), ADDRESS);
        fields(read(ctx::queryParamMap, ADDRESS));
        String type = Objects.requireNonNullElse(ctx.header("Content-Type"), "").strip();
        boolean unicode = charset(type).equals(StandardCharsets.UTF_8.name());
        String kind = type.toLowerCase(Locale.ROOT);
        if (unicode && !kind.startsWith(FILES)) {
            utf8(ctx.bodyAsBytes(), "what was sent");
        }
        if (kind.startsWith(FORM) || kind.startsWith(FILES)) {
            if (kind.startsWith(FORM)) {
                percents(ctx.body(), "the form");
                if (unicode) {
                    utf8(decoded(ctx.body()), "the form");
                }
            }
            fields(read(ctx::formParamMap, "the form"));
        }
    }

    /** Every percent sign must be followed by two hexadecimal digits. */
    private static void percents(@Nullable String text, String what) {
        int at = text == null ? -1 : text.indexOf('%');
        while (text != null && at >= 0) {
            boolean whole =
                    at + 2 < text.length()
                            && Character.digit(text.charAt(at + 1), 16) >= 0
                            && Character.digit(text.charAt(at + 2), 16) >= 0;
            if (!whole) {
                throw malformed(what);
            }
            at = text.indexOf('%', at + 1);
        }
    }

    /** The bytes that percent signs stand for; other characters are known to be sound. */
    private static byte[] decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, HEXADECIMAL));
                i += 2;
            } else {
                bytes.write(c < ASCII ? c : '?');
            }
        }
        return bytes.toByteArray();
    }

    /** A text in another encoding would be read as another text, and drawn. */
    private static void utf8(byte[] bytes, String what) {
        try {
            CharBuffer unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new PageException(400, what + " is not in UTF-8; send it in UTF-8");
        }
    }

    private static PageException malformed(String what) {
        return new PageException(400, what + " cannot be read: it is cut short or malformed");
    }

    private interface Reading {
        Map<String, List<String>> read();
    }

    private static Map<String, List<String>> read(Reading reading, String what) {
        try {
            return reading.read();
        } catch (Exception e) { // also what is thrown past the compiler's eyes
            throw malformed(what);
        }
    }

    private static void fields(Map<String, List<String>> fields) {
        int count = 0;
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            count += field.getValue().size();
            if (count > MOST_FIELDS) {
                throw new PageException(413, "the form has too many fields");
            }
            if (hasNul(field.getKey())) {
                throw new PageException(400, "the name of a field holds a NUL character");
            }
            if (field.getValue().stream().anyMatch(Inputs::hasNul)) {
                throw new PageException(
                        400, "the field " + field.getKey() + " holds a NUL character");
            }
        }
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }

    /** Pages are UTF-8, and so are their forms; ISO-8859-1 and ASCII are what old programs say. */
    private static String charset(String type) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8.name();
        }
        String name = type.substring(at + "charset=".length()).split(";", 2)[0];
        name = name.strip().replace("\"", "");
        try {
            String known = Charset.forName(name).name();
            if (List.of("UTF-8", "ISO-8859-1", "US-ASCII").contains(known)) {
                return known;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new PageException(
                415, "the text is in an encoding the studio does not read; send UTF-8");
    }
}
