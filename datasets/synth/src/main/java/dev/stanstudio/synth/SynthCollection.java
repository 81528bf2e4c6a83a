package dev.stanstudio.synth;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.Depiction;

/**
 * An endless collection of drawn pictures. Item {@code index} under {@code seed} is always the
 * same, to the byte, on every machine, and what it shows does not depend on its style or size.
 * Thread-safe.
 */
public final class SynthCollection {
    private final SynthSpec spec;

    /** The collection that {@code spec} describes. */
    public SynthCollection(SynthSpec spec) {
        this.spec = spec;
    }

    public SynthSpec spec() {
        return spec;
    }

    /** Item {@code index} in the style that the dice give it. */
    public SynthItem item(long seed, int index) {
        return draft(seed, index).paint(spec.size());
    }

    /**
     * Returns what item {@code index} shows, in words without the style; much cheaper than the
     * item.
     */
    public String content(long seed, int index) {
        return draft(seed, index).depiction().caption();
    }

    /** Item {@code index} in the given style: the same content as in any other. */
    public SynthItem item(long seed, int index, ArtStyle style) {
        return draft(seed, index).in(style).paint(spec.size());
    }

    /** The full caption of item {@code index}; much cheaper than the item. */
    public String caption(long seed, int index) {
        return draft(seed, index).caption();
    }

    /** The item's content and style, not painted yet; much cheaper than the item. */
    Draft draft(long seed, int index) {
        Dice dice = Dice.of(seed, index);
        ArtStyle style = dice.pick(spec.styles());
        Depiction depiction = dice.pick(spec.scenes()).depict(dice.fork());
        return new Draft(depiction, style, dice.bits());
    }

    /**
     * An item before it is painted.
     *
     * @param accidents the seed of what happens while painting
     */
    record Draft(Depiction depiction, ArtStyle style, long accidents) {
        Draft in(ArtStyle other) {
            return new Draft(depiction, other, accidents);
        }

        String caption() {
            return SynthItem.caption(depiction.caption(), style);
        }

        SynthItem paint(int size) {
            return new SynthItem(
                    style.paint(depiction.scene(), size, accidents),
                    depiction.caption(),
                    style,
                    depiction.attributes());
        }
    }
}
