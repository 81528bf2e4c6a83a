package dev.stanstudio.sd3.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A vocabulary of CLIP's byte-pair encoding. Ids: 256 bytes, the same ending a word, the merges in
 * order, start and end of a text.
 *
 * @param merges pairs that become one token, the first learned first
 */
public record BpeVocabulary(List<Merge> merges) {
    /** Padding token of CLIP's first tokenizer. */
    public static final String END = "<|endoftext|>";

    /** Padding token of the second tokenizer of SDXL and SD3. */
    public static final String EXCLAMATION = "!";

    private static final String START = "<|startoftext|>";
    private static final int BYTES = 256;

    /** Tokens that every vocabulary has: bytes twice, start and end. */
    static final int FIXED_TOKENS = 2 * BYTES + 2;

    private static final List<Integer> BYTE_ORDER = byteOrder();

    /** Two tokens that become one. */
    public record Merge(String left, String right) {}

    /** Keeps its own copy. */
    public BpeVocabulary {
        merges = List.copyOf(merges);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UserException if the folder holds another tokenizer's files
     */
    public static BpeVocabulary read(Path folder) {
        TokenizerFolder files = new TokenizerFolder(folder);
        List<Merge> merges = new ArrayList<>();
        for (String line : files.lines(ClipDefinition.MERGES)) {
            int space = line.indexOf(' ');
            if (!line.startsWith("#version") && space > 0) {
                merges.add(new Merge(line.substring(0, space), line.substring(space + 1)));
            }
        }
        BpeVocabulary read = new BpeVocabulary(merges);
        if (!files.json(ClipDefinition.VOCABULARY).equals(read.ids())) {
            throw files.error(
                    ClipDefinition.VOCABULARY,
                    "its ids do not follow from merges.txt as those of the built-in models do;"
                            + " take the tokenizer of a built-in model");
        }
        return read;
    }

    /**
     * Returns this vocabulary with a token for each word of {@code texts}. Ids of the tokens there
     * were stay, but for start and end, which are always the last two.
     */
    public BpeVocabulary withWords(Iterable<String> texts) {
        return BpeWords.add(this, texts);
    }

    /** Number of tokens. */
    public int size() {
        return FIXED_TOKENS + merges.size();
    }

    /** Id of the start of a text. */
    public int start() {
        return size() - 2;
    }

    /** Id of the end of a text. */
    public int end() {
        return size() - 1;
    }

    /** Id of {@code token}, one of the two to pad with. */
    public int padding(String token) {
        return token.equals(END) ? end() : BYTE_ORDER.indexOf((int) token.charAt(0));
    }

    /** Printable bytes first, as openai/CLIP's bytes_to_unicode lists them. */
    private static List<Integer> byteOrder() {
        List<Integer> order =
                IntStream.range(0, BYTES)
                        .filter(BpeVocabulary::printable)
                        .boxed()
                        .collect(Collectors.toCollection(ArrayList::new));
        IntStream.range(0, BYTES).filter(b -> !printable(b)).forEach(order::add);
        return Collections.unmodifiableList(order);
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= '¡' && b <= '¬') || (b >= '®' && b <= 'ÿ');
    }

    /** The character that stands for byte {@code b}, 0 … 255. */
    static String symbol(int b) {
        int hidden = (int) IntStream.range(0, b).filter(i -> !printable(i)).count();
        return Character.toString(printable(b) ? b : BYTES + hidden);
    }

    /** All tokens, by id. */
    public List<String> tokens() {
        List<String> bytes = BYTE_ORDER.stream().map(BpeVocabulary::symbol).toList();
        return Stream.of(
                        bytes.stream(),
                        bytes.stream().map(symbol -> symbol + ClipDefinition.WORD_END),
                        merges.stream().map(merge -> merge.left() + merge.right()),
                        Stream.of(START, END))
                .flatMap(tokens -> tokens)
                .toList();
    }

    /**
     * Writes the files of a tokenizer that transformers' CLIPTokenizer and {@link Tokenizer#load}
     * read.
     *
     * @param folder is made if it is missing
     * @param length longest row of ids
     * @param padding {@link #END} or {@link #EXCLAMATION}
     * @throws UserException if the folder cannot be written
     */
    public void write(Path folder, int length, String padding) {
        ObjectNode ids = ids();
        String lines =
                merges.stream()
                        .map(merge -> merge.left() + " " + merge.right() + "\n")
                        .collect(Collectors.joining("", "#version: 0.2\n", ""));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(ClipDefinition.VOCABULARY), ids + "\n");
            Files.writeString(folder.resolve(ClipDefinition.MERGES), lines);
            write(folder.resolve(SpecialTokens.CONFIG), config(length, padding));
            write(folder.resolve(SpecialTokens.MAP), map(padding));
        } catch (IOException e) {
            throw new UserException(
                    folder + ": the tokenizer cannot be written: " + AtomicFile.reason(e), e);
        }
    }

    private ObjectNode ids() {
        ObjectNode ids = TokenizerFolder.JSON.createObjectNode();
        for (String token : tokens()) {
            ids.put(token, ids.size());
        }
        return ids;
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, json.toPrettyString() + "\n");
    }

    private ObjectNode config(int length, String padding) {
        ObjectNode json = TokenizerFolder.JSON.createObjectNode();
        json.put("add_prefix_space", false);
        ObjectNode added = json.putObject(SpecialTokens.DECODER);
        added.set(Integer.toString(start()), token(START, true).put("special", true));
        added.set(Integer.toString(end()), token(END, false).put("special", true));
        if (!padding.equals(END)) {
            added.set(
                    Integer.toString(padding(padding)), token(padding, false).put("special", true));
        }
        return json.put("bos_token", START)
                .put("clean_up_tokenization_spaces", true)
                .put("do_lower_case", true)
                .put("eos_token", END)
                .put("errors", "replace")
                .put("model_max_length", length)
                .put("pad_token", padding)
                .put("tokenizer_class", "CLIPTokenizer")
                .put("unk_token", END);
    }

    private static ObjectNode map(String padding) {
        ObjectNode json = TokenizerFolder.JSON.createObjectNode();
        json.set("bos_token", token(START, true));
        json.set("eos_token", token(END, true));
        json.put("pad_token", padding);
        json.set("unk_token", token(END, true));
        return json;
    }

    private static ObjectNode token(String content, boolean normalized) {
        return TokenizerFolder.JSON
                .createObjectNode()
                .put("content", content)
                .put("lstrip", false)
                .put("normalized", normalized)
                .put("rstrip", false)
                .put("single_word", false);
    }
}
