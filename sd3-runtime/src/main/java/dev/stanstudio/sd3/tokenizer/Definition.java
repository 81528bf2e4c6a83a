package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import java.util.List;

/**
 * Definition of a tokenizer by a folder's files: the library's description of the tokenizer and its
 * tokens.
 */
sealed interface Definition permits ClipDefinition, T5Definition {
    String TOKENIZER = "tokenizer.json";

    /** The tokenizer.json text that the library loads. */
    ObjectNode tokenizerJson();

    SpecialTokens specialTokens();

    /** Decoded tokens as a person reads them. */
    String readable(String decoded);

    /**
     * Determines the kind of the folder: tokenizer.json has precedence over vocab.json +
     * merges.txt.
     */
    static Definition read(TokenizerFolder folder) {
        if (folder.has(TOKENIZER)) {
            return fromTokenizerJson(folder);
        }
        boolean vocabulary = folder.has(ClipDefinition.VOCABULARY);
        boolean merges = folder.has(ClipDefinition.MERGES);
        if (vocabulary && merges) {
            return ClipDefinition.ofFiles(folder);
        }
        if (vocabulary || merges) {
            throw folder.error(
                    vocabulary ? ClipDefinition.MERGES : ClipDefinition.VOCABULARY,
                    "missing; a CLIP tokenizer needs vocab.json and merges.txt");
        }
        if (folder.has("spiece.model")) {
            throw folder.error(
                    TOKENIZER,
                    "missing and spiece.model alone is not read; copy tokenizer.json from the"
                            + " model's repository, or write it with transformers:"
                            + " T5TokenizerFast.from_pretrained(folder).save_pretrained(folder)");
        }
        throw new UserException(
                folder.path()
                        + ": no tokenizer here; expected vocab.json and merges.txt, or"
                        + " tokenizer.json");
    }

    /** The reference takes the side from here where tokenizer_config.json names none. */
    private static void requireRight(TokenizerFolder folder, ObjectNode file) {
        for (String step : List.of("padding", "truncation")) {
            String side = file.path(step).path("direction").asText("Right");
            if (!side.equals("Right")) {
                throw folder.error(
                        TOKENIZER,
                        "%s on the side '%s' is not supported, only 'Right'".formatted(step, side));
            }
        }
    }

    private static Definition fromTokenizerJson(TokenizerFolder folder) {
        ObjectNode file = folder.json(TOKENIZER);
        requireRight(folder, file);
        JsonNode vocabulary = file.path("model").path("vocab");
        if (vocabulary.isArray()) {
            return new T5Definition(folder, file);
        }
        if (vocabulary.isObject() && file.path("model").path("merges").isArray()) {
            return ClipDefinition.ofTokenizerJson(folder, file);
        }
        throw folder.error(
                TOKENIZER,
                "neither a byte-pair (CLIP) nor a unigram (T5) model; give the folder of an SD3"
                        + " tokenizer");
    }
}
