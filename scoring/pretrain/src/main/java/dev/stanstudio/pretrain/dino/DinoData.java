package dev.stanstudio.pretrain.dino;

import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Selects the parts of the procedural collection that train and measure DINO. */
public final class DinoData {
    /** Seed of the pictures of dino-nano: neither sd3-nano's nor clip-nano's. */
    public static final long SEED = 3;

    private DinoData() {}

    private static StyledPicture item(long seed, int index) {
        SynthItem item = new SynthCollection(SynthSpec.all()).item(seed, index);
        return new StyledPicture(item.picture(), item.style().words());
    }

    /** Returns the first {@code count} items, each drawn once. */
    public static IntFunction<StyledPicture> training(int count) {
        AtomicReferenceArray<@Nullable StyledPicture> drawn = new AtomicReferenceArray<>(count);
        return index -> {
            StyledPicture known = drawn.get(index);
            if (known == null) {
                known = item(SEED, index);
                drawn.set(index, known);
            }
            return known;
        };
    }

    /**
     * Returns the first {@code count} pictures of {@code training}, whose styles neighbours vote
     * for: as DINO's evaluation does, those that the network was trained on, without their names.
     */
    public static List<StyledPicture> known(IntFunction<StyledPicture> training, int count) {
        return IntStream.range(0, count).parallel().mapToObj(training).toList();
    }

    /** Returns pictures that nothing is trained on. */
    public static List<StyledPicture> heldOut(int count) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> item(NanoData.HELD_OUT_SEED, i))
                .toList();
    }
}
