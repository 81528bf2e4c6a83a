package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.tokenizer.Encoding;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The three encoders together (diffusers pipeline_stable_diffusion_3.py, encode_prompt): CLIP-L and
 * CLIP-G states side by side, padded with zeros to T5's width, then T5's states; both pooled
 * vectors side by side. Thread-safe; equal prompts are encoded once.
 */
public final class PromptEncoder implements AutoCloseable {
    /** The longest T5 sequence that the model was trained on. */
    public static final int MAX_T5_LENGTH = 512;

    private static final int CLIP_LENGTH = 77;

    private static final class Holder {
        static final Program PROGRAM = Program.load(PromptEncoder.class, "prompt.ts.py");
    }

    /** A CLIP text encoder with its tokenizer. */
    public record Clip(String name, ClipTextEncoder encoder, Tokenizer tokenizer) {
        int length() {
            return clipLength(tokenizer, encoder.config());
        }
    }

    /** Returns the tokens that a CLIP text encoder reads, with the special ones. */
    public static int clipLength(Tokenizer tokenizer, ClipTextConfig config) {
        return Math.min(tokenizer.modelMaxLength().orElse(CLIP_LENGTH), config.maxPositions());
    }

    /** T5 with its tokenizer. */
    public record T5(T5Encoder encoder, Tokenizer tokenizer) {}

    /**
     * Options of reading a prompt.
     *
     * @param clipSkip layers to leave out before CLIP's last but one
     * @param t5Length tokens T5 reads, at most 512
     * @param useT5 whether T5 reads at all
     */
    public record Reading(int clipSkip, int t5Length, boolean useT5) {
        /** Refuses lengths that the model does not support. */
        public Reading {
            if (t5Length < 1 || t5Length > MAX_T5_LENGTH) {
                throw new ArgumentException(
                        "max sequence length must be 1 … " + MAX_T5_LENGTH + ", not " + t5Length);
            }
            if (clipSkip < 0) {
                throw new ArgumentException("clip skip must not be negative: " + clipSkip);
            }
        }
    }

    private final Clip clipL;
    private final Clip clipG;
    private final Optional<T5> t5;
    private final Placement placement;
    private final int jointWidth;
    private final PromptCache cache = new PromptCache();

    /**
     * Combines the encoders; the caller still owns them and the tokenizers.
     *
     * @param jointWidth width of a text token in the transformer
     */
    public PromptEncoder(
            Clip clipL, Clip clipG, Optional<T5> t5, Placement placement, int jointWidth) {
        int clips = clipL.encoder().config().hiddenSize() + clipG.encoder().config().hiddenSize();
        if (clips > jointWidth) {
            throw new dev.stanstudio.base.UserException(
                    ("the CLIP encoders' widths together, %s, exceed the transformer's"
                                    + " joint_attention_dim %s")
                            .formatted(clips, jointWidth));
        }
        if (clipL.length() != clipG.length()) {
            throw new dev.stanstudio.base.UserException(
                    "%s reads %d tokens and %s %d; give both tokenizers the same model_max_length"
                            .formatted(clipL.name(), clipL.length(), clipG.name(), clipG.length()));
        }
        this.clipL = clipL;
        this.clipG = clipG;
        this.t5 = t5;
        this.placement = placement;
        this.jointWidth = jointWidth;
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /** Returns true if T5 is there. */
    public boolean hasT5() {
        return t5.isPresent();
    }

    /**
     * Encodes one prompt; {@code owner} owns the tensors. A prompt seen before comes from the
     * cache.
     *
     * @param checkpoint called between layers; may throw to cancel
     */
    public PromptEmbeds encode(Scope owner, Prompt prompt, Reading reading, Runnable checkpoint) {
        return cache.get(
                owner, prompt, reading, scope -> compute(scope, prompt, reading, checkpoint));
    }

    private PromptEmbeds compute(Scope owner, Prompt prompt, Reading reading, Runnable checkpoint) {
        List<String> truncated = new ArrayList<>();
        try (Scope local = Scope.open("prompt")) {
            ClipTextEncoder.Result l =
                    clip(local, clipL, prompt.first(), reading, truncated, checkpoint);
            ClipTextEncoder.Result g =
                    clip(local, clipG, prompt.forClipG(), reading, truncated, checkpoint);
            boolean reads = reading.useT5() && t5.isPresent();
            Tensor t =
                    reads
                            ? t5(local, t5.get(), prompt.forT5(), reading, truncated, checkpoint)
                            : program().call(local, "zero_token", l.hidden(), jointWidth);
            Tensor tokens = program().call(owner, "join", l.hidden(), g.hidden(), t, jointWidth);
            Tensor pooled = program().call(owner, "side_by_side", l.pooled(), g.pooled());
            return new PromptEmbeds(tokens, pooled, reads ? 1 : reading.t5Length(), truncated);
        }
    }

    private ClipTextEncoder.Result clip(
            Scope scope,
            Clip clip,
            String text,
            Reading reading,
            List<String> truncated,
            Runnable checkpoint) {
        int most = clip.encoder().config().numHiddenLayers() - 1;
        if (reading.clipSkip() > most) {
            throw new ArgumentException(
                    "clip skip %s is too much for %s, which allows %s"
                            .formatted(reading.clipSkip(), clip.name(), most));
        }
        Encoding encoding = clip.tokenizer().encode(text, clip.length());
        note(truncated, clip.name(), clip.length(), encoding);
        return clip.encoder().encode(scope, rows(encoding), reading.clipSkip(), checkpoint);
    }

    private Tensor t5(
            Scope scope,
            T5 part,
            String text,
            Reading reading,
            List<String> truncated,
            Runnable checkpoint) {
        Encoding encoding = part.tokenizer().encode(text, reading.t5Length());
        note(truncated, "T5", reading.t5Length(), encoding);
        return part.encoder().encode(scope, rows(encoding), checkpoint);
    }

    private static long[][] rows(Encoding encoding) {
        int[] ids = encoding.ids();
        long[] row = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            row[i] = ids[i];
        }
        return new long[][] {row};
    }

    private static void note(List<String> into, String encoder, int length, Encoding encoding) {
        if (!encoding.truncatedText().isEmpty()) {
            into.add(
                    "%s reads at most %s tokens; this was cut: %s"
                            .formatted(encoder, length, encoding.truncatedText()));
        }
    }

    /** Frees the encoders' layers; the next prompt that is not cached reads them again. */
    public void evict() {
        clipL.encoder().evict();
        clipG.encoder().evict();
        t5.ifPresent(part -> part.encoder().evict());
    }

    /** Returns the device and type of the encoders. */
    public Placement placement() {
        return placement;
    }

    /** Frees the cached prompts; the owner of the encoders and tokenizers closes those. */
    @Override
    public void close() {
        cache.close();
    }
}
