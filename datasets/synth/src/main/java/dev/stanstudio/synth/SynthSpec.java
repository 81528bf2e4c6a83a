package dev.stanstudio.synth;

import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.List;

/**
 * Settings of a procedural collection: size, scenes and styles.
 *
 * @param size pixels a side, a multiple of 16 from 16 to {@value #MAX_SIZE}
 * @param scenes kinds of scene, each as likely; one named twice is twice as likely
 * @param styles styles, likewise
 */
public record SynthSpec(int size, List<SceneKind> scenes, List<ArtStyle> styles) {
    /** The largest picture, in pixels a side. */
    public static final int MAX_SIZE = 1024;

    /** The size the built-in models are trained at. */
    public static final int DEFAULT_SIZE = 128;

    private static final int STEP = 16;

    /**
     * Checks the size and that there is something to draw.
     *
     * @throws IllegalArgumentException otherwise
     */
    public SynthSpec {
        if (size < STEP || size > MAX_SIZE || size % STEP != 0) {
            throw new IllegalArgumentException(
                    "size " + size + " is not a multiple of 16 from 16 to " + MAX_SIZE);
        }
        scenes = List.copyOf(scenes);
        styles = List.copyOf(styles);
        if (scenes.isEmpty() || styles.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s scenes and %s styles; at least one of each"
                            .formatted(scenes.size(), styles.size()));
        }
    }

    /** Every scene in every style at the default size. */
    public static SynthSpec all() {
        return new SynthSpec(DEFAULT_SIZE, List.of(SceneKind.values()), ArtStyle.taught());
    }
}
