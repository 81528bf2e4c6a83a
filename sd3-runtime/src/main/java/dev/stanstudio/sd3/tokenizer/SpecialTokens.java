package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The named and the added tokens of a folder, by the rules of transformers 5 ({@code
 * PreTrainedTokenizerBase._from_pretrained}, {@code TokenizersBackend.__init__}): what {@code
 * added_tokens_decoder} lists comes first with its own flags; special_tokens_map.json and
 * tokenizer.json's own list count only where tokenizer_config.json has no {@code
 * added_tokens_decoder}; named tokens that are still missing follow, then the extra ones; of two
 * tokens with the same text the later replaces the flags of the earlier.
 */
final class SpecialTokens {
    static final String CONFIG = "tokenizer_config.json";
    static final String DECODER = "added_tokens_decoder";
    static final String MAP = "special_tokens_map.json";
    private static final String RIGHT = "right";
    private static final List<String> NAMES =
            List.of(
                    "bos_token",
                    "eos_token",
                    "unk_token",
                    "sep_token",
                    "pad_token",
                    "cls_token",
                    "mask_token");
    private static final List<String> EXTRA_LISTS =
            List.of("extra_special_tokens", "additional_special_tokens");

    /** The published folders list about a hundred; the library's time grows with their square. */
    private static final int MOST_ADDED = 20_000;

    private final TokenizerFolder folder;
    private final ObjectNode config;
    private final TreeMap<Integer, AddedToken> listed = new TreeMap<>();
    private final Map<String, AddedToken> named = new LinkedHashMap<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final int largestId;
    private final ArrayNode json = TokenizerFolder.JSON.createArrayNode();

    /**
     * Reads the folder's configuration.
     *
     * @param vocabulary token → id of the model
     * @param ownList {@code added_tokens} of tokenizer.json, a missing node where there is none
     * @param defaults name → text of the tokens the tokenizer's class always has
     * @param defaultExtras further special tokens where the folder lists none
     */
    SpecialTokens(
            TokenizerFolder folder,
            Map<String, Integer> vocabulary,
            JsonNode ownList,
            Map<String, String> defaults,
            List<String> defaultExtras) {
        this.folder = folder;
        this.config = folder.optionalJson(CONFIG).orElseGet(TokenizerFolder.JSON::createObjectNode);
        ObjectNode settings = config.deepCopy();
        if (config.path(DECODER).isObject()) {
            config.path(DECODER).forEachEntry((id, token) -> list(CONFIG, id, token));
        } else {
            settings.setAll(specialTokensMap());
            ownList.forEach(token -> list(Definition.TOKENIZER, token.path("id").asText(), token));
        }
        NAMES.forEach(name -> name(name, settings.path(name), defaults.get(name)));
        assignIds(vocabulary, inOrder(extras(settings, defaultExtras)));
        largestId =
                Stream.of(vocabulary, ids)
                        .flatMap(known -> known.values().stream())
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0);
        requireRight();
    }

    /**
     * Reads no text from the left: the reference does where the folder says so, which puts the
     * tokens elsewhere.
     */
    private void requireRight() {
        for (String side : List.of("padding_side", "truncation_side")) {
            String where = config.path(side).asText(RIGHT);
            if (!where.equals(RIGHT)) {
                throw folder.error(
                        CONFIG,
                        "%s '%s' is not supported, only '%s'".formatted(side, where, RIGHT));
            }
        }
    }

    /** The largest id of any token, of the model and added. */
    int largestId() {
        return largestId;
    }

    /** {@code added_tokens} for a tokenizer.json. */
    ArrayNode json() {
        return json;
    }

    /** The text of a named token that has a default, such as {@code eos_token}. */
    String text(String name) {
        return Objects.requireNonNull(named.get(name), name).content();
    }

    /** The id of a named token that has a default. */
    int id(String name) {
        return Objects.requireNonNull(ids.get(text(name)), name);
    }

    /** {@code model_max_length}, empty where absent or too large to be a limit. */
    OptionalInt modelMaxLength() {
        JsonNode length = config.path("model_max_length");
        double tokens = length.asDouble();
        boolean limit = tokens > 0 && tokens < Integer.MAX_VALUE;
        return limit ? OptionalInt.of(length.asInt()) : OptionalInt.empty();
    }

    private ObjectNode specialTokensMap() {
        ObjectNode map = folder.optionalJson(MAP).orElseGet(TokenizerFolder.JSON::createObjectNode);
        for (JsonNode value : map) {
            if (value instanceof ObjectNode token) {
                token.put("special", true);
            }
        }
        return map;
    }

    private void list(String file, String id, JsonNode token) {
        if (!id.matches("\\d{1,9}") || !token.path("content").isTextual()) {
            throw folder.error(
                    file,
                    "entry \"%s\" of the added tokens is %s, not an id with a token; fetch the file again"
                            .formatted(id, token));
        }
        listed.put(Integer.valueOf(id), AddedToken.of(token, false));
        if (listed.size() > MOST_ADDED) {
            throw folder.error(
                    file,
                    "lists more than %d added tokens, which are words of no tokenizer of CLIP or T5;"
                                    .formatted(MOST_ADDED)
                            + " fetch the file again");
        }
    }

    private void name(String name, JsonNode value, @Nullable String fallback) {
        AddedToken token;
        if (value.isObject()) {
            token = AddedToken.of(value, false).asSpecial();
        } else if (value.isTextual()) {
            token = AddedToken.special(value.asText());
        } else if (fallback != null) {
            token = AddedToken.special(fallback);
        } else {
            return;
        }
        for (AddedToken other : listed.values()) {
            token = other.content().equals(token.content()) ? other : token;
        }
        named.put(name, token);
    }

    private static List<AddedToken> extras(ObjectNode settings, List<String> defaults) {
        List<AddedToken> extras = new ArrayList<>();
        for (String list : EXTRA_LISTS) {
            for (JsonNode token : settings.path(list)) {
                boolean flags = token.isObject();
                extras.add(flags ? AddedToken.of(token, true) : AddedToken.special(token.asText()));
            }
            if (!extras.isEmpty()) {
                return extras;
            }
        }
        defaults.forEach(text -> extras.add(AddedToken.special(text)));
        return extras;
    }

    private Map<String, AddedToken> inOrder(List<AddedToken> extras) {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        listed.values().forEach(token -> tokens.put(token.content(), token));
        Set<String> settled = Set.copyOf(tokens.keySet());
        Set<AddedToken> further = new LinkedHashSet<>(named.values());
        further.addAll(extras);
        for (AddedToken token : further) {
            if (!settled.contains(token.content())) {
                tokens.put(token.content(), token);
            }
        }
        return tokens;
    }

    private void assignIds(Map<String, Integer> vocabulary, Map<String, AddedToken> tokens) {
        named.forEach((name, token) -> requireKnown(name, token, vocabulary));
        int next = vocabulary.size();
        for (AddedToken token : tokens.values()) {
            Integer known = vocabulary.get(token.content());
            int id = known == null ? next++ : known;
            ids.put(token.content(), id);
            json.add(token.toJson(id));
        }
    }

    /** A named token that is in no vocabulary would get an id the encoder has no embedding for. */
    private void requireKnown(String name, AddedToken token, Map<String, Integer> vocabulary) {
        if (!vocabulary.containsKey(token.content()) && !listed.containsValue(token)) {
            throw folder.error(
                    CONFIG,
                    "%s is \"%s\", which the vocabulary lacks; take both files from one model"
                            .formatted(name, token.content()));
        }
    }
}
