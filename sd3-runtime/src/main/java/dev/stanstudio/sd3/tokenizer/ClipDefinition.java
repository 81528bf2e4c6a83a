package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CLIP's byte-pair encoding. The steps around vocabulary and merges are those that transformers
 * builds itself (transformers tokenization_clip.py), whatever a tokenizer.json says about them.
 */
final class ClipDefinition implements Definition {
    static final String VOCABULARY = "vocab.json";
    static final String MERGES = "merges.txt";

    static final String WORD_END = "</w>";
    static final String PIECES =
            "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d"
                    + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "bos_token", "<|startoftext|>",
                    "eos_token", "<|endoftext|>",
                    "unk_token", "<|endoftext|>",
                    "pad_token", "<|endoftext|>");

    private final ObjectNode vocabulary;
    private final ArrayNode merges;
    private final SpecialTokens tokens;

    private ClipDefinition(
            TokenizerFolder folder,
            String source,
            ObjectNode vocabulary,
            ArrayNode merges,
            JsonNode ownList) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.tokens = new SpecialTokens(folder, ids(folder, source), ownList, DEFAULTS, List.of());
    }

    static ClipDefinition ofFiles(TokenizerFolder folder) {
        ObjectNode vocabulary = folder.json(VOCABULARY);
        ArrayNode merges = TokenizerFolder.JSON.createArrayNode();
        int number = 0;
        for (String line : folder.lines(MERGES)) {
            number++;
            if (!line.startsWith("#version")) {
                merges.add(
                        merge(folder, MERGES, "line " + number, line.split(" ", -1), vocabulary));
            }
        }
        JsonNode none = TokenizerFolder.JSON.missingNode();
        return new ClipDefinition(folder, VOCABULARY, vocabulary, merges, none);
    }

    static ClipDefinition ofTokenizerJson(TokenizerFolder folder, ObjectNode file) {
        JsonNode model = file.path("model");
        ObjectNode vocabulary = (ObjectNode) model.path("vocab");
        ArrayNode merges = TokenizerFolder.JSON.createArrayNode();
        for (JsonNode merge : model.path("merges")) {
            String[] parts =
                    merge.isTextual()
                            ? merge.asText().split(" ", -1)
                            : new String[] {merge.path(0).asText(), merge.path(1).asText()};
            String where = "merge " + (merges.size() + 1);
            merges.add(merge(folder, TOKENIZER, where, parts, vocabulary));
        }
        return new ClipDefinition(folder, TOKENIZER, vocabulary, merges, file.path("added_tokens"));
    }

    private static ArrayNode merge(
            TokenizerFolder folder,
            String file,
            String where,
            String[] parts,
            ObjectNode vocabulary) {
        if (parts.length != 2) {
            throw folder.error(
                    file,
                    "%s holds %d parts, not two tokens with one space between; fetch the file again"
                            .formatted(where, parts.length));
        }
        for (String token : List.of(parts[0], parts[1], parts[0] + parts[1])) {
            if (!vocabulary.has(token)) {
                throw folder.error(
                        file,
                        "%s needs the token \"%s\", which the vocabulary lacks; take vocabulary and"
                                        .formatted(where, token)
                                + " merges from one model");
            }
        }
        return TokenizerFolder.JSON.createArrayNode().add(parts[0]).add(parts[1]);
    }

    private Map<String, Integer> ids(TokenizerFolder folder, String source) {
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> tokenOf = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            String token = entry.getKey();
            JsonNode id = entry.getValue();
            if (!id.isInt() || id.asInt() < 0) {
                throw notAnId(folder, source, token, id);
            }
            ids.put(token, id.asInt());
            String other = tokenOf.put(id.asInt(), token);
            if (other != null) {
                throw folder.error(
                        source,
                        "\"%s\" and \"%s\" both have id %d; fetch the file again"
                                .formatted(other, token, id.asInt()));
            }
        }
        return ids;
    }

    private static UserException notAnId(
            TokenizerFolder folder, String source, String token, JsonNode id) {
        return folder.error(
                source,
                "the id of \"%s\" is %s, not a whole number from 0; fetch the file again"
                        .formatted(token, id));
    }

    @Override
    public SpecialTokens specialTokens() {
        return tokens;
    }

    @Override
    public String readable(String decoded) {
        return decoded.replace(WORD_END, " ").strip();
    }

    @Override
    public ObjectNode tokenizerJson() {
        ObjectNode json = TokenizerFolder.JSON.createObjectNode().put("version", "1.0");
        json.set("added_tokens", tokens.json());
        json.set("normalizer", normalizer());
        json.set("pre_tokenizer", preTokenizer());
        ObjectNode post = json.putObject("post_processor").put("type", "RobertaProcessing");
        post.putArray("sep").add(tokens.text("eos_token")).add(tokens.id("eos_token"));
        post.putArray("cls").add(tokens.text("bos_token")).add(tokens.id("bos_token"));
        post.put("trim_offsets", false).put("add_prefix_space", false);
        json.set("decoder", byteLevel());
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.put("unk_token", tokens.text("unk_token"));
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", WORD_END);
        model.put("fuse_unk", false).put("byte_fallback", false);
        model.set("vocab", vocabulary);
        model.set("merges", merges);
        return json;
    }

    private static ObjectNode normalizer() {
        ObjectNode sequence = TokenizerFolder.JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        steps.addObject().put("type", "NFC");
        ObjectNode spaces = steps.addObject().put("type", "Replace").put("content", " ");
        spaces.putObject("pattern").put("Regex", "\\s+");
        steps.addObject().put("type", "Lowercase");
        return sequence;
    }

    private static ObjectNode preTokenizer() {
        ObjectNode sequence = TokenizerFolder.JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", PIECES);
        split.put("behavior", "Removed").put("invert", true);
        steps.add(byteLevel());
        return sequence;
    }

    /** The byte alphabet. Its own split comes on top of ours and cuts "&lt;|" off a typed token. */
    private static ObjectNode byteLevel() {
        return TokenizerFolder.JSON
                .createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }
}
