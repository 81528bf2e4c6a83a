package dev.stanstudio.datasets.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a captioner said of a picture: a caption, or why there is none.
 *
 * @param caption one line, not blank; null where there is none
 * @param problem why there is none; null where there is one
 * @param program whether the program failed, not the picture
 */
record CaptionAnswer(@Nullable String caption, @Nullable String problem, boolean program) {
    private static final int SHOWN = 60;

    /** A caption. */
    static CaptionAnswer of(String caption) {
        return new CaptionAnswer(caption, null, false);
    }

    /** The picture has no caption, for a reason of its own. */
    static CaptionAnswer none(String problem) {
        return new CaptionAnswer(null, problem, false);
    }

    /** The program ended or did not answer. */
    static CaptionAnswer failure(String problem) {
        return new CaptionAnswer(null, problem, true);
    }

    /** Returns why there is no caption; empty where there is one. */
    String reason() {
        return Objects.requireNonNullElse(problem, "");
    }

    /**
     * Reads a line: a text, or an object of JSON with {@code caption} (or {@code text}), or {@code
     * error}, and perhaps {@code file}.
     *
     * @param asked the path that the program was given
     */
    static CaptionAnswer parse(byte[] line, String asked) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            return none("the answer is not UTF-8 text");
        }
        String clean = text.replace("\uFEFF", "").strip();
        if (clean.isEmpty()) {
            return none("the answer is empty");
        }
        if (clean.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            return none("the answer has control characters, which are no text");
        }
        return clean.startsWith("{") ? ofJson(clean, asked) : of(clean);
    }

    private static CaptionAnswer ofJson(String text, String asked) {
        try {
            JsonNode node = Json.STRICT.readTree(text);
            String file = node.path("file").asText(asked);
            if (!file.equals(asked)) {
                return none("the answer is about " + file);
            }
            if (node.hasNonNull("error")) {
                return none("the captioner says: " + oneLine(node.path("error").asText()));
            }
            String caption =
                    oneLine(node.path(node.has("caption") ? "caption" : "text").asText(""));
            return caption.isEmpty()
                    ? none("the answer has no \"caption\": " + shown(text))
                    : of(caption);
        } catch (JsonProcessingException e) {
            return none("the answer begins like JSON and is none: " + Json.problem(e));
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
