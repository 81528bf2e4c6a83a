package dev.stanstudio.synth;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.paint.ArtStyle;
import java.util.SortedMap;

/**
 * One picture of the procedural collection with its captions.
 *
 * @param content what is shown, in words, without the style
 * @param attributes what the caption may speak of, by name: scene, colour, count, time, weather …
 */
public record SynthItem(
        Picture picture, String content, ArtStyle style, SortedMap<String, String> attributes) {

    /** The full caption: content and, unless the picture is plain, the style. */
    public String caption() {
        return caption(content, style);
    }

    static String caption(String content, ArtStyle style) {
        return style == ArtStyle.PLAIN ? content : content + ", in the style of " + style.words();
    }
}
