package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A token that is looked for in the text before the model sees it.
 *
 * @param content the text to match
 * @param singleWord match only between non-word characters
 * @param lstrip take the white space on the left too
 * @param rstrip take the white space on the right too
 * @param normalized match in the normalised text instead of the typed one
 * @param special whether decoders may leave it out
 */
record AddedToken(
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    /** A special token given by its text alone; such tokens match the typed text. */
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    /**
     * Reads {@code {"content": …, "lstrip": …, …}}. A token without {@code normalized} is matched
     * in the normalised text unless it is special (huggingface/tokenizers added_vocabulary.rs).
     *
     * @param special the value where the object does not say
     */
    static AddedToken of(JsonNode node, boolean special) {
        boolean isSpecial = node.path("special").asBoolean(special);
        return new AddedToken(
                node.path("content").asText(),
                node.path("single_word").asBoolean(false),
                node.path("lstrip").asBoolean(false),
                node.path("rstrip").asBoolean(false),
                node.path("normalized").asBoolean(!isSpecial),
                isSpecial);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
    }

    /** The entry of {@code added_tokens} in a tokenizer.json. */
    ObjectNode toJson(int id) {
        return TokenizerFolder.JSON
                .createObjectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", singleWord)
                .put("lstrip", lstrip)
                .put("rstrip", rstrip)
                .put("normalized", normalized)
                .put("special", special);
    }
}
