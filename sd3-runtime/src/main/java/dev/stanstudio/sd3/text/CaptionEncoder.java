package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * Encodes several captions at once by some of the encoders, and takes from earlier embeddings what
 * the others made of them. Nothing is kept, so that gradients can pass to adapters. Thread-safe;
 * the caller owns encoders and tokenizers.
 *
 * @param clipL CLIP-L, where it encodes
 * @param clipG CLIP-G, where it encodes
 * @param t5 T5, where it encodes
 * @param widths of the embeddings
 */
public record CaptionEncoder(
        Optional<PromptEncoder.Clip> clipL,
        Optional<PromptEncoder.Clip> clipG,
        Optional<PromptEncoder.T5> t5,
        Widths widths) {
    /**
     * Widths and lengths of embeddings.
     *
     * @param hiddenL width of CLIP-L's states
     * @param pooledL width of CLIP-L's pooled vector
     * @param hiddenG width of CLIP-G's states
     * @param joint width of a text token in the transformer
     * @param t5Tokens tokens after those of the CLIPs: what T5 reads, or 1 without it
     */
    public record Widths(int hiddenL, int pooledL, int hiddenG, int joint, int t5Tokens) {}

    /**
     * Embeddings of captions.
     *
     * @param tokens [B, M, joint width]
     * @param pooled [B, pooled width]
     */
    public record Rows(Tensor tokens, Tensor pooled) {}

    /**
     * Encodes {@code texts}; {@code owner} owns the tensors.
     *
     * @param known embeddings of the same texts without adapters, on the encoders' device
     * @param adapters of the encoders
     */
    public Rows encode(Scope owner, List<String> texts, Rows known, TextAdapters adapters) {
        try (Scope local = Scope.open("captions")) {
            long all = known.tokens().size(1);
            long clip = all - widths.t5Tokens();
            long between = widths.hiddenL();
            long end = between + widths.hiddenG();
            Tensor states = Tensors.narrow(local, known.tokens(), 1, 0, clip);
            Tensor pooled = known.pooled();
            ClipTextEncoder.Result l =
                    clipL.map(c -> clip(local, c, texts, TextTower.CLIP_L, adapters))
                            .orElseGet(
                                    () ->
                                            new ClipTextEncoder.Result(
                                                    Tensors.narrow(local, states, 2, 0, between),
                                                    Tensors.narrow(
                                                            local,
                                                            pooled,
                                                            1,
                                                            0,
                                                            widths.pooledL())));
            ClipTextEncoder.Result g =
                    clipG.map(c -> clip(local, c, texts, TextTower.CLIP_G, adapters))
                            .orElseGet(
                                    () ->
                                            new ClipTextEncoder.Result(
                                                    Tensors.narrow(local, states, 2, between, end),
                                                    Tensors.narrow(
                                                            local,
                                                            pooled,
                                                            1,
                                                            widths.pooledL(),
                                                            pooled.size(1))));
            Tensor t =
                    t5.map(part -> t5(local, part, texts, adapters))
                            .orElseGet(() -> Tensors.narrow(local, known.tokens(), 1, clip, all));
            return new Rows(
                    PromptEncoder.program()
                            .call(owner, "join", l.hidden(), g.hidden(), t, widths.joint()),
                    PromptEncoder.program().call(owner, "side_by_side", l.pooled(), g.pooled()));
        }
    }

    private static ClipTextEncoder.Result clip(
            Scope scope,
            PromptEncoder.Clip clip,
            List<String> texts,
            TextTower tower,
            TextAdapters adapters) {
        long[][] ids = ids(clip.tokenizer(), texts, clip.length());
        return clip.encoder().encode(scope, ids, 0, adapters.of(tower), () -> {});
    }

    private Tensor t5(
            Scope scope, PromptEncoder.T5 part, List<String> texts, TextAdapters adapters) {
        long[][] ids = ids(part.tokenizer(), texts, widths.t5Tokens());
        return part.encoder().encode(scope, ids, adapters.of(TextTower.T5), () -> {});
    }

    private static long[][] ids(Tokenizer tokenizer, List<String> texts, int length) {
        return texts.stream()
                .map(text -> Chunk.plain(tokenizer.encode(text, length)).row())
                .toArray(long[][]::new);
    }
}
