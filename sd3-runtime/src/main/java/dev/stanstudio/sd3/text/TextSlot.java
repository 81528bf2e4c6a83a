package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.mmdit.AdapterSlot;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The linear layer of a text encoder's program that computes a module of the checkpoint.
 *
 * @param tower the encoder
 * @param block number of its layer, or {@link AdapterSlot#OUTSIDE}
 * @param slot number of the linear layer there
 */
public record TextSlot(TextTower tower, int block, int slot) implements AdapterSlot {
    private static final Pattern NUMBERED = Pattern.compile("(\\d{1,4})\\.(.+)");

    /**
     * Returns the place of {@code module}, such as {@code
     * text_encoder.text_model.encoder.layers.0.self_attn.q_proj}; empty for modules of the
     * transformer, and for those that are no linear layers of an encoder.
     */
    public static Optional<TextSlot> of(String module) {
        return TextTower.of(module)
                .flatMap(tower -> in(tower, module.substring(tower.prefix().length())));
    }

    private static Optional<TextSlot> in(TextTower tower, String path) {
        if (!path.startsWith(tower.layers())) {
            return found(tower, OUTSIDE, tower.outside().indexOf(path));
        }
        Matcher numbered = NUMBERED.matcher(path.substring(tower.layers().length()));
        return numbered.matches()
                ? found(
                        tower,
                        Integer.parseInt(numbered.group(1)),
                        tower.parts().indexOf(numbered.group(2)))
                : Optional.empty();
    }

    private static Optional<TextSlot> found(TextTower tower, int block, int slot) {
        return slot < 0 ? Optional.empty() : Optional.of(new TextSlot(tower, block, slot));
    }

    /** Returns the type that the module is computed in by an encoder of {@code type}. */
    public DType typed(DType type) {
        boolean t5 = tower == TextTower.T5 && block != OUTSIDE;
        return t5 ? T5Encoder.typeOf(tower.parts().get(slot), type) : type;
    }

    @Override
    public long row(long out) {
        return 0;
    }
}
