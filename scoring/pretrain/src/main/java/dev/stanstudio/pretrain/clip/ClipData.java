package dev.stanstudio.pretrain.clip;

import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.pretrain.StyleShares;
import dev.stanstudio.sd3.tokenizer.BpeTrainer;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Selects the parts of the procedural collection that train and measure CLIP. */
public final class ClipData {
    /** Seed of what the text towers of sd3-nano see, as the rest of it does. */
    public static final long TOWERS_SEED = NanoData.TRAINING_SEED;

    /** Seed of what clip-nano sees, so that it judges pictures of a model with other data. */
    public static final long CLIP_SEED = 2;

    /** Seed of what csd-nano sees: no other built-in model's. */
    public static final long CSD_SEED = 4;

    private static final int PLAIN_COPIES = 8;
    private static final int CORPUS = 30_000;
    private static final int VOCABULARY = 2_000;

    private ClipData() {}

    /**
     * The first {@code count} items of every style.
     *
     * @param shares how often a style is drawn; of those not named plain 8 times, others once,
     *     unseen styles never
     */
    public static CaptionSource everyStyle(long seed, int count, Map<ArtStyle, Integer> shares) {
        SynthCollection collection = collection(StyleShares.inRounds(PLAIN_COPIES, shares));
        AtomicReferenceArray<@Nullable CaptionedPicture> drawn = new AtomicReferenceArray<>(count);
        return index -> {
            CaptionedPicture known = drawn.get(index);
            if (known == null) {
                known = captioned(collection.item(seed, index));
                drawn.set(index, known);
            }
            return known;
        };
    }

    private static SynthCollection collection(List<ArtStyle> styles) {
        return new SynthCollection(
                new SynthSpec(ClipShapes.SIDE, List.of(SceneKind.values()), styles));
    }

    private static CaptionedPicture captioned(SynthItem item) {
        return new CaptionedPicture(item.picture(), item.content(), item.caption());
    }

    /** {@code count} plain pictures that nothing is trained on. */
    public static List<CaptionedPicture> heldOut(int count) {
        SynthCollection collection = collection(List.of(ArtStyle.PLAIN));
        return IntStream.range(0, count)
                .mapToObj(index -> captioned(collection.item(NanoData.HELD_OUT_SEED, index)))
                .toList();
    }

    /** Captions of every style. */
    static List<String> captions(long seed, int count) {
        SynthCollection collection = collection(ArtStyle.taught());
        return IntStream.range(0, count)
                .mapToObj(index -> collection.caption(seed, index))
                .toList();
    }

    /** The tokens of the built-in models before new words: learned from captions. */
    public static BpeVocabulary vocabulary() {
        return BpeTrainer.train(captions(TOWERS_SEED, CORPUS), VOCABULARY);
    }

    /** The words of the styles that {@code shares} draws beside those that all models know. */
    static List<String> newWords(Map<ArtStyle, Integer> shares) {
        return ArtStyle.unseen().stream()
                .filter(style -> shares.getOrDefault(style, 0) > 0)
                .map(ArtStyle::words)
                .toList();
    }
}
