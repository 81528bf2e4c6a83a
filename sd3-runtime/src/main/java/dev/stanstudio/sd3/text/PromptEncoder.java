package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
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
     * @param syntax what the prompt's characters mean
     * @param chunks passes that a CLIP makes at least; those beyond the text read an empty one
     */
    public record Reading(
            int clipSkip, int t5Length, boolean useT5, TextSyntax syntax, int chunks) {
        /** Reads plain text. */
        public Reading(int clipSkip, int t5Length, boolean useT5) {
            this(clipSkip, t5Length, useT5, TextSyntax.PLAIN, 1);
        }

        /** Returns the same options with another syntax. */
        public Reading in(TextSyntax other) {
            return new Reading(clipSkip, t5Length, useT5, other, chunks);
        }

        /** Returns the same options with other passes at least. */
        public Reading withChunks(int other) {
            return new Reading(clipSkip, t5Length, useT5, syntax, other);
        }

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
        return encode(owner, prompt, reading, TextAdapters.NONE, checkpoint);
    }

    /**
     * Encodes as {@link #encode(Scope, Prompt, Reading, Runnable)}.
     *
     * @param adapters of the encoders; a prompt comes from the cache if it was seen with equal ones
     */
    public PromptEmbeds encode(
            Scope owner,
            Prompt prompt,
            Reading reading,
            TextAdapters adapters,
            Runnable checkpoint) {
        return cache.get(
                owner,
                prompt,
                reading,
                adapters.identity(),
                scope -> compute(scope, prompt, new Pass(reading, adapters, checkpoint)));
    }

    /**
     * Returns the passes that a CLIP makes for {@code prompt}. Prompts that are guided against each
     * other need the same number, see {@link Reading#withChunks}.
     *
     * @throws ArgumentException if its weights cannot be read, or it is too long
     */
    public int chunks(Prompt prompt, Reading reading) {
        return Math.max(
                reading.chunks(),
                Math.max(
                        chunks(clipL, prompt.first(), reading).size(),
                        chunks(clipG, prompt.forClipG(), reading).size()));
    }

    private static List<Chunk> chunks(Clip clip, String text, Reading reading) {
        return reading.syntax().chunks(clip.tokenizer(), text, clip.length());
    }

    /** One reading of a prompt by all encoders. */
    private record Pass(
            Reading reading, TextAdapters adapters, Runnable checkpoint, List<String> truncated) {
        Pass(Reading reading, TextAdapters adapters, Runnable checkpoint) {
            this(reading, adapters, checkpoint, new ArrayList<>());
        }

        Pass withChunks(int chunks) {
            return new Pass(reading.withChunks(chunks), adapters, checkpoint, truncated);
        }
    }

    private PromptEmbeds compute(Scope owner, Prompt prompt, Pass asked) {
        Pass pass = asked.withChunks(chunks(prompt, asked.reading()));
        Reading reading = pass.reading();
        try (Scope local = Scope.open("prompt")) {
            ClipTextEncoder.Result l = clip(local, clipL, TextTower.CLIP_L, prompt.first(), pass);
            ClipTextEncoder.Result g =
                    clip(local, clipG, TextTower.CLIP_G, prompt.forClipG(), pass);
            boolean reads = reading.useT5() && t5.isPresent();
            Tensor t =
                    reads
                            ? t5(local, t5.get(), prompt.forT5(), pass)
                            : program().call(local, "zero_token", l.hidden(), jointWidth);
            Tensor tokens = program().call(owner, "join", l.hidden(), g.hidden(), t, jointWidth);
            Tensor pooled = program().call(owner, "side_by_side", l.pooled(), g.pooled());
            return new PromptEmbeds(
                    tokens, pooled, reads ? 1 : reading.t5Length(), pass.truncated());
        }
    }

    /** Returns the states of all chunks as one row, and the pooled text of the first. */
    private ClipTextEncoder.Result clip(
            Scope scope, Clip clip, TextTower tower, String text, Pass pass) {
        Reading reading = pass.reading();
        int most = clip.encoder().config().numHiddenLayers() - 1;
        if (reading.clipSkip() > most) {
            throw new ArgumentException(
                    "clip skip %s is too much for %s, which allows %s"
                            .formatted(reading.clipSkip(), clip.name(), most));
        }
        List<Chunk> chunks = new ArrayList<>(chunks(clip, text, reading));
        chunks.forEach(
                chunk -> note(pass.truncated(), clip.name(), clip.length(), chunk.encoding()));
        while (chunks.size() < reading.chunks()) {
            chunks.add(Chunk.plain(clip.tokenizer().encode("", clip.length())));
        }
        ClipTextEncoder.Result result =
                clip.encoder()
                        .encode(
                                scope,
                                rows(chunks),
                                reading.clipSkip(),
                                pass.adapters().of(tower),
                                pass.checkpoint());
        Tensor pooled = Tensors.narrow(scope, result.pooled(), 0, 0, 1);
        return new ClipTextEncoder.Result(weighed(scope, result.hidden(), chunks), pooled);
    }

    private Tensor t5(Scope scope, T5 part, String text, Pass pass) {
        Reading reading = pass.reading();
        Chunk chunk = reading.syntax().sequence(part.tokenizer(), text, reading.t5Length());
        note(pass.truncated(), "T5", reading.t5Length(), chunk.encoding());
        List<Chunk> one = List.of(chunk);
        Tensor states =
                part.encoder()
                        .encode(
                                scope,
                                rows(one),
                                pass.adapters().of(TextTower.T5),
                                pass.checkpoint());
        return weighed(scope, states, one);
    }

    /** Returns states [1, chunks × T, d] from [chunks, T, d], each multiplied by its weight. */
    private Tensor weighed(Scope scope, Tensor states, List<Chunk> chunks) {
        if (chunks.size() == 1 && !chunks.get(0).isWeighted()) {
            return states;
        }
        int length = chunks.get(0).weights().length;
        float[] weights = new float[chunks.size() * length];
        for (int i = 0; i < chunks.size(); i++) {
            System.arraycopy(chunks.get(i).weights(), 0, weights, i * length, length);
        }
        Tensor onHost = Tensors.of(scope, weights, chunks.size(), length, 1);
        return program()
                .call(
                        scope,
                        "weigh",
                        states,
                        Tensors.to(scope, onHost, placement.device(), placement.dtype()));
    }

    private static long[][] rows(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::row).toArray(long[][]::new);
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
