package dev.stanstudio.sd3.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.List;

/** The ways to read a prompt's characters: as they are, or as weights of words and chunks. */
public enum TextSyntax implements Labelled {
    /** Takes every character as text; what an encoder does not read is cut. */
    PLAIN("plain") {
        @Override
        public WeightedText read(String text) {
            return WeightedText.plain(text);
        }

        @Override
        List<Chunk> chunks(Tokenizer tokenizer, String text, int length) {
            return List.of(sequence(tokenizer, text, length));
        }

        @Override
        Chunk sequence(Tokenizer tokenizer, String text, int length) {
            return Chunk.plain(tokenizer.encode(text, length));
        }
    },
    /**
     * Takes round and square brackets as weights and BREAK as a new chunk, and has CLIP read long
     * prompts in chunks (A1111's syntax, as sd_embed computes it for Stable Diffusion 3). Text
     * without any of that, which fits, is read as plain text is, to the bit.
     */
    WEIGHTED("weighted") {
        @Override
        public WeightedText read(String text) {
            return WeightParser.parse(text);
        }

        @Override
        List<Chunk> chunks(Tokenizer tokenizer, String text, int length) {
            return WeightedTokens.of(tokenizer, read(text)).chunks(length);
        }

        @Override
        Chunk sequence(Tokenizer tokenizer, String text, int length) {
            return WeightedTokens.of(tokenizer, read(text)).sequence(length);
        }
    };

    private final String label;

    TextSyntax(String label) {
        this.label = label;
    }

    @JsonValue
    @Override
    public String label() {
        return label;
    }

    /**
     * Returns the syntax of that name.
     *
     * @throws ArgumentException if there is none; the message lists the names
     */
    @JsonCreator
    public static TextSyntax of(String label) {
        return Labelled.of(values(), "prompt syntax", label);
    }

    /**
     * Returns the text with its weights.
     *
     * @throws ArgumentException that names the brackets or the weight that cannot be read
     */
    public abstract WeightedText read(String text);

    /** Returns what a CLIP whose passes have {@code length} tokens reads of a text. */
    public TokenCount countForClip(Tokenizer tokenizer, String text, int length) {
        return TokenCount.of(chunks(tokenizer, text, length), tokenizer.specialTokens());
    }

    /** Returns what T5, which makes one pass of {@code length} tokens, reads of a text. */
    public TokenCount countForT5(Tokenizer tokenizer, String text, int length) {
        List<Chunk> one = List.of(sequence(tokenizer, text, length));
        return TokenCount.of(one, tokenizer.specialTokens());
    }

    /** Returns what passes of an encoder of {@code length} tokens read; at least one chunk. */
    abstract List<Chunk> chunks(Tokenizer tokenizer, String text, int length);

    /** Returns what one pass of {@code length} tokens reads; the rest is cut. */
    abstract Chunk sequence(Tokenizer tokenizer, String text, int length);
}
