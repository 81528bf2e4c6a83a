package dev.stanstudio.web.library;

import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.ModelSource.ClipPart;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.sd3.text.TokenCount;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the tokens that a model's text encoders read of a prompt, by the model's own tokenizers.
 * Keeps those of the model that was asked about last. Thread-safe.
 */
public final class PromptReader implements AutoCloseable {
    private final ModelCache models;
    private @Nullable Loaded loaded;

    private record Loaded(String model, List<Encoder> encoders) {}

    private record Encoder(String name, Tokenizer tokenizer, int most, boolean chunked) {
        Count count(String prompt, TextSyntax syntax) {
            TokenCount count =
                    chunked
                            ? syntax.countForClip(tokenizer, prompt, most)
                            : syntax.countForT5(tokenizer, prompt, most);
            return new Count(name, count.tokens(), count.most(), count.cut());
        }
    }

    /**
     * Says what an encoder reads of a prompt.
     *
     * @param encoder name of the encoder
     * @param tokens of the whole prompt, with the special ones around it
     * @param most tokens that it reads
     * @param cut the end that it does not read, as its tokens spell it; empty for nothing
     */
    public record Count(String encoder, int tokens, int most, String cut) {}

    /** Reads with the tokenizers of {@code models}. */
    public PromptReader(ModelCache models) {
        this.models = models;
    }

    /**
     * Returns what each encoder of {@code model} reads of {@code prompt}.
     *
     * @throws dev.stanstudio.base.UserException if the model or its tokenizers cannot be read, or
     *     the prompt's weights
     */
    public synchronized List<Count> read(String model, String prompt, TextSyntax syntax) {
        Loaded now = loaded;
        if (now == null || !now.model().equals(model)) {
            close();
            now = new Loaded(model, open(model));
            loaded = now;
        }
        return now.encoders().stream().map(encoder -> encoder.count(prompt, syntax)).toList();
    }

    private List<Encoder> open(String model) {
        List<Encoder> encoders = new ArrayList<>();
        try (ModelSource source = models.open(model)) {
            encoders.add(clip("CLIP-L", source.clip(1)));
            encoders.add(clip("CLIP-G", source.clip(2)));
            source.t5()
                    .ifPresent(
                            part ->
                                    encoders.add(
                                            new Encoder(
                                                    "T5",
                                                    Tokenizer.load(part.tokenizer()),
                                                    source.defaults().maxSequenceLength(),
                                                    false)));
            return encoders;
        } catch (RuntimeException e) {
            encoders.forEach(encoder -> encoder.tokenizer().close());
            throw e;
        }
    }

    private static Encoder clip(String name, ClipPart part) {
        Tokenizer tokenizer = Tokenizer.load(part.tokenizer());
        return new Encoder(
                name, tokenizer, PromptEncoder.clipLength(tokenizer, part.config()), true);
    }

    /** Frees the tokenizers. */
    @Override
    public synchronized void close() {
        Loaded now = loaded;
        loaded = null;
        if (now != null) {
            now.encoders().forEach(encoder -> encoder.tokenizer().close());
        }
    }
}
