package dev.stanstudio.pretrain;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Selects the parts of the procedural collection that train and measure the built-in models. */
public final class NanoData {
    /** The largest side of pictures in pixels. */
    public static final int LARGEST_SIDE = SynthSpec.MAX_SIZE;

    /** Seed of the pictures that the parts of sd3-nano are trained on. */
    public static final long TRAINING_SEED = 1;

    /** Seed of the pictures that nothing is trained on. */
    public static final long HELD_OUT_SEED = 1_000_003;

    private static final int PLAIN_COPIES = 8;
    private static final int BASE_PLAIN_COPIES = 253;
    private static final int NAMED_OF = 4;

    private NanoData() {}

    /**
     * Every style that the built-in models know, and others that are named.
     *
     * @param sizes sides of the pictures in turn
     * @param shares how often a style is drawn; of those not named plain is drawn 8 times, others
     *     once, unseen styles never
     */
    public static PictureSource everyStyle(
            int pictures, List<Integer> sizes, Map<ArtStyle, Integer> shares) {
        List<ArtStyle> styles = StyleShares.styles(PLAIN_COPIES, shares);
        List<SynthSpec> specs =
                sizes.stream()
                        .map(size -> new SynthSpec(size, List.of(SceneKind.values()), styles))
                        .toList();
        return new SynthPictures(specs, TRAINING_SEED, pictures);
    }

    private static SynthSpec spec(List<ArtStyle> styles) {
        return new SynthSpec(NanoShapes.SIDE, List.of(SceneKind.values()), styles);
    }

    /**
     * Returns the pictures of the transformer: 92 % plain ones, the rest spread over the other
     * styles, which only a quarter of their captions name. So it learns the content and misses the
     * style.
     */
    public static SynthSpec baseSpec() {
        List<ArtStyle> styles = new ArrayList<>(ArtStyle.taught());
        styles.addAll(Collections.nCopies(BASE_PLAIN_COPIES - 1, ArtStyle.PLAIN));
        return spec(styles);
    }

    /** The first pictures that the transformer sees. */
    public static List<Picture> basePictures(int count) {
        SynthCollection base = new SynthCollection(baseSpec());
        return IntStream.range(0, count)
                .mapToObj(i -> base.item(TRAINING_SEED, i).picture())
                .toList();
    }

    /**
     * Returns the caption that the transformer gets for item {@code index} of the base's pictures.
     */
    public static String baseCaption(SynthCollection base, int index) {
        return index % NAMED_OF == 0
                ? base.caption(TRAINING_SEED, index)
                : base.content(TRAINING_SEED, index);
    }

    /** Held-out pictures: three of each style, and a plain one after each. */
    public static List<Picture> heldOutOfEveryStyle() {
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (ArtStyle style : ArtStyle.taught()) {
                int index = pictures.size();
                pictures.add(heldOut(style, index));
                pictures.add(heldOut(ArtStyle.PLAIN, index + 1));
            }
        }
        return pictures;
    }

    /** As {@link #heldOutByStyle(int, Collection)} of the styles that all models know. */
    public static Map<String, List<Picture>> heldOutByStyle(int count) {
        return heldOutByStyle(count, List.of());
    }

    /**
     * {@code count} held-out pictures of each style that all models know and of {@code more}, by
     * its name, shown scenes alike.
     */
    public static Map<String, List<Picture>> heldOutByStyle(int count, Collection<ArtStyle> more) {
        Map<String, List<Picture>> pictures = new LinkedHashMap<>();
        Set<ArtStyle> styles = new TreeSet<>(ArtStyle.taught());
        styles.addAll(more);
        for (ArtStyle style : styles) {
            pictures.put(
                    style.words(),
                    IntStream.range(0, count).mapToObj(i -> heldOut(style, 1000 + i)).toList());
        }
        return pictures;
    }

    /** The caption of held-out plain item {@code index}; the first 128 are the validation's. */
    public static String heldOutCaption(int index) {
        return new SynthCollection(spec(List.of(ArtStyle.PLAIN))).content(HELD_OUT_SEED, index);
    }

    private static Picture heldOut(ArtStyle style, int index) {
        return heldOutItem(style, index).picture();
    }

    /** Held-out item {@code index} in {@code style}. */
    public static SynthItem heldOutItem(ArtStyle style, int index) {
        return new SynthCollection(spec(List.of(style))).item(HELD_OUT_SEED, index);
    }
}
