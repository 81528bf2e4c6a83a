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
    private final Definition definition;
    private final NativeTokenizer library;
    private final int padding;
    private final int specialTokens;

    private Tokenizer(Definition definition, NativeTokenizer library) {
        this.definition = definition;
        this.library = library;
        this.padding = definition.specialTokens().id("pad_token");
        this.specialTokens = library.encode("").getIds().length;
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
        if (maxLength < specialTokens) {
            throw new UserException(
                    "a length of %d has no room for the %d special tokens; use at least %d"
                            .formatted(maxLength, specialTokens, specialTokens + 1));
        }
        var whole = library.encode(text);
        long[] ids = whole.getIds();
        int start = leadingOnes(whole.getSpecialTokenMask());
        int after = specialTokens - start;
        int content = ids.length - specialTokens;
        int kept = Math.min(content, maxLength - specialTokens);
        int[] result = new int[maxLength];
        Arrays.fill(result, padding);
        copy(ids, 0, result, 0, start + kept);
        copy(ids, ids.length - after, result, start + kept, after);
        long[] cut = Arrays.copyOfRange(ids, start + kept, ids.length - after);
        String cutText = cut.length == 0 ? "" : definition.readable(library.decode(cut));
        return new Encoding(result, kept, cutText);
    }

    /** The ids of a text with its special tokens, neither cut nor padded. */
    public int[] encodeUnpadded(String text) {
        return Arrays.stream(library.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
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

    /**
     * With no content every token is special, and where the content would stand does not matter.
     */
    private static int leadingOnes(long[] mask) {
        int count = 0;
        while (count < mask.length && mask[count] == 1) {
            count++;
        }
        return count;
    }

    private static void copy(long[] from, int start, int[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = Math.toIntExact(from[start + i]);
        }
    }
}
