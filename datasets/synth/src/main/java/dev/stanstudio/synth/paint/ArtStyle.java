package dev.stanstudio.synth.paint;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.scene.Scene;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The styles. Most are movements and manners that the STAN paper's appendix E shows; pointillism is
 * its neo impressionism. The transformer of sd3-nano knows those; the last twelve are for adapters
 * to learn, and only the words of them are known to its text towers.
 */
public enum ArtStyle {
    /** No style: what the scene looks like. */
    PLAIN("plain"),
    ABSTRACT_EXPRESSIONISM("abstract expressionism"),
    ANIME("anime"),
    ART_NOUVEAU("art nouveau"),
    BAROQUE("baroque"),
    CARTOON("cartoon"),
    CUBISM("cubism"),
    EXPRESSIONISM("expressionism"),
    FANTASY("fantasy"),
    ILLUSTRATION("illustration"),
    IMPASTO("impasto"),
    IMPRESSIONISM("impressionism"),
    NAIVE_ART("naive art"),
    NEOCLASSICISM("neoclassicism"),
    POINTILLISM("pointillism"),
    POST_IMPRESSIONISM("post impressionism"),
    ROCOCO("rococo"),
    ROMANTICISM("romanticism"),
    SURREALISM("surrealism"),
    SYMBOLISM("symbolism"),
    UKIYO_E("ukiyo-e"),
    WATERCOLOUR("watercolour"),
    WOODCUT("woodcut"),
    BLUEPRINT("blueprint", false),
    CHALKBOARD("chalkboard", false),
    CHARCOAL("charcoal", false),
    EMBROIDERY("embroidery", false),
    LINOCUT("linocut", false),
    LOW_POLY("low poly", false),
    MOSAIC("mosaic", false),
    NEON("neon", false),
    PAPER_CUT("paper cut", false),
    PIXEL_ART("pixel art", false),
    RISOGRAPH("risograph", false),
    STAINED_GLASS("stained glass", false);

    private final String words;
    private final boolean taught;

    ArtStyle(String words) {
        this(words, true);
    }

    ArtStyle(String words, boolean taught) {
        this.words = words;
        this.taught = taught;
    }

    /** Returns the styles that the built-in models were trained on, plain among them, in order. */
    public static List<ArtStyle> taught() {
        return Arrays.stream(values()).filter(style -> style.taught).toList();
    }

    /** Returns the styles that the transformer of sd3-nano has not seen, in order. */
    public static List<ArtStyle> unseen() {
        return Arrays.stream(values()).filter(style -> !style.taught).toList();
    }

    /** The name in commands and metadata, for example {@code post-impressionism}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name in captions, for example {@code post impressionism}. */
    public String words() {
        return words;
    }

    /**
     * Paints a scene. Equal arguments give equal bytes on every machine. Safe for several threads.
     *
     * @param size pixels a side
     * @param seed of the accidents: where strokes fall, how a line trembles
     */
    public Picture paint(Scene scene, int size, long seed) {
        return painter().paint(scene, size, new Dice(seed)).toPicture();
    }

    private Painter painter() {
        return switch (this) {
            case PLAIN -> (scene, size, dice) -> Renderer.render(scene, size, Look.PLAIN).colour();
            case ABSTRACT_EXPRESSIONISM -> new AbstractExpressionism();
            case ANIME -> new Anime();
            case ART_NOUVEAU -> new ArtNouveau();
            case BAROQUE -> new Baroque();
            case CARTOON -> new Cartoon();
            case CUBISM -> new Cubism();
            case EXPRESSIONISM -> new Expressionism();
            case FANTASY -> new Fantasy();
            case ILLUSTRATION -> new Illustration();
            case IMPASTO -> new Impasto();
            case IMPRESSIONISM -> new Impressionism();
            case NAIVE_ART -> new NaiveArt();
            case NEOCLASSICISM -> new Neoclassicism();
            case POINTILLISM -> new Pointillism();
            case POST_IMPRESSIONISM -> new PostImpressionism();
            case ROCOCO -> new Rococo();
            case ROMANTICISM -> new Romanticism();
            case SURREALISM -> new Surrealism();
            case SYMBOLISM -> new Symbolism();
            case UKIYO_E -> new UkiyoE();
            case WATERCOLOUR -> new Watercolour();
            case WOODCUT -> new Woodcut();
            case BLUEPRINT -> new Blueprint();
            case CHALKBOARD -> new Chalkboard();
            case CHARCOAL -> new Charcoal();
            case EMBROIDERY -> new Embroidery();
            case LINOCUT -> new Linocut();
            case LOW_POLY -> new LowPoly();
            case MOSAIC -> new Mosaic();
            case NEON -> new Neon();
            case PAPER_CUT -> new PaperCut();
            case PIXEL_ART -> new PixelArt();
            case RISOGRAPH -> new Risograph();
            case STAINED_GLASS -> new StainedGlass();
        };
    }
}
