package dev.stanstudio.web.generate;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.server.PageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lists the styles of the procedural collection, each with a picture of the same scene. */
final class Styles {
    private static final int SIDE = 96;
    private static final long SEED = 7;
    private static final Map<String, byte[]> DRAWN = new ConcurrentHashMap<>();

    private Styles() {}

    static List<FormView.StyleChoice> choices(List<String> chosen) {
        return ArtStyle.taught().stream()
                .map(
                        style -> {
                            String words = style == ArtStyle.PLAIN ? "" : style.words();
                            return new FormView.StyleChoice(
                                    words,
                                    style.words(),
                                    "/styles/" + style.id() + ".png",
                                    chosen.contains(words));
                        })
                .toList();
    }

    /** Returns the example of the style with {@code id}, as a PNG. */
    static byte[] example(String id) {
        ArtStyle style =
                Arrays.stream(ArtStyle.values())
                        .filter(candidate -> candidate.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> PageException.missing("there is no such style"));
        return DRAWN.computeIfAbsent(id, key -> PictureFiles.encode(draw(style)));
    }

    private static Picture draw(ArtStyle style) {
        SynthSpec spec = new SynthSpec(SIDE, List.of(SceneKind.LIGHTHOUSE), List.of(style));
        return new SynthCollection(spec).item(SEED, 0, style).picture();
    }
}
