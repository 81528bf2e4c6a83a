package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.util.Optional;

/** Opens the text towers of a model without T5. */
final class NanoTowers {
    private NanoTowers() {}

    /**
     * Returns the encoder of captions; {@code scope} owns it.
     *
     * @param width of a text token
     */
    static PromptEncoder open(Scope scope, ModelSource source, int width, Placement placement) {
        return scope.own(
                new PromptEncoder(
                        clip(scope, "CLIP-L", source.clip(1), placement),
                        clip(scope, "CLIP-G", source.clip(2), placement),
                        Optional.empty(),
                        placement,
                        width));
    }

    private static PromptEncoder.Clip clip(
            Scope scope, String name, ModelSource.ClipPart part, Placement placement) {
        ClipTextEncoder encoder =
                scope.own(
                        ClipTextEncoder.load(
                                name, part.config(), part.weights(), placement, false));
        return new PromptEncoder.Clip(name, encoder, scope.own(Tokenizer.load(part.tokenizer())));
    }
}
