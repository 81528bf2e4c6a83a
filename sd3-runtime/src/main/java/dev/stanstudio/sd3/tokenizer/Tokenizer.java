package dev.stanstudio.sd3.tokenizer;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A tokenizer of Stable Diffusion 3: CLIP's byte-pair encoding or T5's unigram model, as the folder
 * says. Ids are those of transformers 5 (tokenization_clip.py, tokenization_t5.py) on the same
 * folder, with all their peculiarities: a token registered as special is recognised in the typed
 * text, so that {@code !} is the padding token wherever that is {@code !}.
 *
 * <p>A lone surrogate counts as U+FFFD.
 *
 * <p>Thread-safe: any number of threads may encode at once, on one shared native object; {@link
 * #close} waits for them. Once closed, encoding throws {@link IllegalStateException}.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String SOME_TEXT = "a";

    private final Definition definition;
    private final NativeTokenizer library;
    private final int padding;

    /** The special tokens around a text. */
    private final int[] around;

    private final int leading;

    private Tokenizer(Definition definition, NativeTokenizer library) {
        this.definition = definition;
        this.library = library;
        this.padding = definition.specialTokens().id("pad_token");
        this.around = encodeUnpadded("");
        this.leading = leading(around, encodeUnpadded(SOME_TEXT));
    }

    /**
     * Loads the tokenizer of a folder: CLIP from vocab.json and merges.txt, either kind from
     * tokenizer.json where that is present. Never touches the network.
     *
     * @throws UserException if a file is missing, malformed or does not fit the others
     */
    public static Tokenizer load(Path folder) {
        TokenizerFolder files = new TokenizerFolder(folder);
        Definition definition = Definition.read(files);
        String json = definition.tokenizerJson().toString();
        return new Tokenizer(definition, NativeTokenizer.load(files, json));
    }

    /**
     * Encodes a text and cuts or pads it on the right to {@code maxLength} ids; the special tokens
     * around the content are kept.
     *
     * @param maxLength length M of the result, in tokens
     * @throws UserException if {@code maxLength} has no room for the special tokens
     */
    public Encoding encode(String text, int maxLength) {
        return encode(content(text), maxLength);
    }

    /** As {@link #encode(String, int)}, of the ids that {@link #content} returned. */
    public Encoding encode(int[] content, int maxLength) {
        if (maxLength < around.length) {
            throw new UserException(
                    "a length of %d has no room for the %d special tokens; use at least %d"
                            .formatted(maxLength, around.length, around.length + 1));
        }
        int kept = Math.min(content.length, maxLength - around.length);
        int[] result = new int[maxLength];
        Arrays.fill(result, padding);
        System.arraycopy(around, 0, result, 0, leading);
        System.arraycopy(content, 0, result, leading, kept);
        System.arraycopy(around, leading, result, leading + kept, around.length - leading);
        long[] cut = Arrays.stream(content, kept, content.length).asLongStream().toArray();
        String cutText = cut.length == 0 ? "" : definition.readable(library.decode(cut));
        return new Encoding(result, kept, cut.length, cutText);
    }

    /** Returns the ids of a text, all of them, without special tokens around. */
    public int[] content(String text) {
        int[] ids = encodeUnpadded(text);
        return Arrays.copyOfRange(ids, leading, ids.length - (around.length - leading));
    }

    /** Returns the number of special tokens around a text. */
    public int specialTokens() {
        return around.length;
    }

    /** Returns the number of special tokens before a text. */
    public int leadingTokens() {
        return leading;
    }

    /** The ids of a text with its special tokens, neither cut nor padded. */
    public int[] encodeUnpadded(String text) {
        return Arrays.stream(library.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
    }

    /** With no text, where it would stand between the special tokens cannot be told. */
    private static int leading(int[] around, int[] withText) {
        int count = 0;
        while (count < around.length && around[count] == withText[count]) {
            count++;
        }
        return count;
    }

    /** The largest id that a token can have. */
    public int largestId() {
        return definition.specialTokens().largestId();
    }

    /** The length the model was made for, in tokens; empty if its configuration sets no limit. */
    public OptionalInt modelMaxLength() {
        return definition.specialTokens().modelMaxLength();
    }

    @Override
    public void close() {
        library.close();
    }
}
