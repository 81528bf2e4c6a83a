package dev.stanstudio.sd3.tokenizer;

/** A text as token ids of a fixed length. Immutable and thread-safe. */
public final class Encoding {
    private final int[] ids;
    private final int contentTokens;
    private final int cutTokens;
    private final String truncatedText;

    Encoding(int[] ids, int contentTokens, int cutTokens, String truncatedText) {
        this.ids = ids;
        this.contentTokens = contentTokens;
        this.cutTokens = cutTokens;
        this.truncatedText = truncatedText;
    }

    /**
     * The ids [M], M being the length asked for: special tokens, content and padding on the right.
     * A copy; the caller may keep it.
     */
    public int[] ids() {
        return ids.clone();
    }

    /** Returns the number of ids of the text itself, without special tokens and padding. */
    public int contentTokens() {
        return contentTokens;
    }

    /** Returns the number of ids of the text that did not fit. */
    public int cutTokens() {
        return cutTokens;
    }

    /**
     * The end of the text that did not fit, decoded from its tokens (for CLIP therefore in lower
     * case); empty when everything fitted. It is the part that diffusers warns about.
     */
    public String truncatedText() {
        return truncatedText;
    }
}
