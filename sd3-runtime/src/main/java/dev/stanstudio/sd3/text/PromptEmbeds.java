package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;

/**
 * Outputs of the encoders for a prompt. Without T5, diffusers appends zero tokens; they are equal
 * and stay equal in every block, because tokens carry no position, so one of them stands for all.
 *
 * @param tokens [1, M, joint width]
 * @param pooled [1, pooled width]
 * @param lastRepeats how many equal tokens the last one stands for
 * @param truncated one line for each text that did not fit, naming the words that were cut
 */
public record PromptEmbeds(Tensor tokens, Tensor pooled, int lastRepeats, List<String> truncated) {
    /** Keeps its own copy of the list. */
    public PromptEmbeds {
        truncated = List.copyOf(truncated);
    }

    /** The tokens with every repeat written out, as diffusers has them. */
    public Tensor expanded(Scope scope) {
        if (lastRepeats == 1) {
            return Tensors.share(scope, tokens);
        }
        try (Scope local = Scope.open("expand")) {
            long count = tokens.size(1);
            Tensor last = Tensors.narrow(local, tokens, 1, count - 1, count);
            Tensor head = Tensors.narrow(local, tokens, 1, 0, count - 1);
            Tensor zeros = PromptEncoder.program().call(local, "repeat", last, lastRepeats);
            return Tensors.concat(scope, List.of(head, zeros), 1);
        }
    }

    /** Other handles of the same tensors, owned by {@code scope}. */
    PromptEmbeds share(Scope scope) {
        return new PromptEmbeds(
                Tensors.share(scope, tokens), Tensors.share(scope, pooled), lastRepeats, truncated);
    }

    long bytes() {
        return tokens.bytes() + pooled.bytes();
    }
}
