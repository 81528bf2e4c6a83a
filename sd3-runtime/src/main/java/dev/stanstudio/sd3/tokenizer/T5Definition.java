package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * T5's unigram model. Of the tokenizer.json only the model, the sentencepiece character map and
 * perhaps the list of added tokens count; the other steps are those of transformers 5
 * (tokenization_t5.py), which older files spell in another way.
 */
final class T5Definition implements Definition {
    private static final String WORD_START = "\u2581";
    private static final int DEFAULT_SENTINELS = 100;
    private static final Map<String, String> DEFAULTS =
            Map.of("eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>");

    private final TokenizerFolder folder;
    private final ObjectNode file;
    private final SpecialTokens tokens;

    T5Definition(TokenizerFolder folder, ObjectNode file) {
        this.folder = folder;
        this.file = file;
        List<String> sentinels =
                IntStream.range(0, DEFAULT_SENTINELS)
                        .mapToObj(i -> "<extra_id_" + i + ">")
                        .toList();
        this.tokens =
                new SpecialTokens(
                        folder,
                        ids(folder, file.path("model").path("vocab")),
                        file.path("added_tokens"),
                        DEFAULTS,
                        sentinels);
    }

    private static Map<String, Integer> ids(TokenizerFolder folder, JsonNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        int id = 0;
        for (JsonNode piece : vocabulary) {
            if (!piece.path(0).isTextual() || !piece.path(1).isNumber()) {
                throw folder.error(
                        TOKENIZER,
                        "entry %d of the vocabulary is %s, not [piece, score]; fetch the file again"
                                .formatted(id, piece));
            }
            ids.put(piece.path(0).asText(), id++);
        }
        return ids;
    }

    @Override
    public SpecialTokens specialTokens() {
        return tokens;
    }

    @Override
    public String readable(String decoded) {
        return decoded;
    }

    @Override
    public ObjectNode tokenizerJson() {
        ObjectNode json = TokenizerFolder.JSON.createObjectNode().put("version", "1.0");
        json.set("added_tokens", tokens.json());
        json.set("normalizer", characterMap());
        ObjectNode sequence = json.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        steps.addObject().put("type", "WhitespaceSplit");
        steps.add(metaspace());
        json.set("post_processor", endOfSequence());
        json.set("decoder", metaspace());
        json.set("model", file.path("model"));
        return json;
    }

    /** The {@code Precompiled} step of the file's normaliser, or JSON null. */
    private JsonNode characterMap() {
        JsonNode normalizer = file.path("normalizer");
        JsonNode steps = normalizer.path("normalizers");
        for (JsonNode step : steps.isArray() ? steps : List.of(normalizer)) {
            if (step.path("type").asText().equals("Precompiled")) {
                CharacterMap.check(folder, step);
                return step;
            }
        }
        return TokenizerFolder.JSON.nullNode();
    }

    private ObjectNode endOfSequence() {
        String eos = tokens.text("eos_token");
        ObjectNode post = TokenizerFolder.JSON.createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = post.putArray("single");
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        single.addObject().putObject("SpecialToken").put("id", eos).put("type_id", 0);
        post.set("pair", single.deepCopy());
        ((ArrayNode) post.path("pair"))
                .addObject()
                .putObject("Sequence")
                .put("id", "B")
                .put("type_id", 0);
        ObjectNode special = post.putObject("special_tokens").putObject(eos).put("id", eos);
        special.putArray("ids").add(tokens.id("eos_token"));
        special.putArray("tokens").add(eos);
        return post;
    }

    private static ObjectNode metaspace() {
        return TokenizerFolder.JSON
                .createObjectNode()
                .put("type", "Metaspace")
                .put("replacement", WORD_START)
                .put("prepend_scheme", "always")
                .put("split", true);
    }
}
