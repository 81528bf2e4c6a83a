package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.scoring.vision.FeedForward;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionFamily;
import dev.stanstudio.scoring.vision.VisionTower;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The networks of a DINO training: an image tower and the head that is thrown away afterwards.
 *
 * @param vision the tower
 * @param hidden width inside the head
 * @param bottleneck width before the prototypes
 * @param prototypes K
 */
public record DinoShape(VisionConfig vision, int hidden, int bottleneck, int prototypes) {
    /** Names of the head's tensors, in the order that dino.ts.py takes them. */
    static final List<String> HEAD =
            List.of(
                    "head.1.weight",
                    "head.1.bias",
                    "head.2.weight",
                    "head.2.bias",
                    "head.3.weight",
                    "head.3.bias",
                    "head.prototypes");

    private static final double EPS = 1e-6;

    /** Refuses a head without width. */
    public DinoShape {
        if (hidden < 1 || bottleneck < 1 || prototypes < 2) {
            throw new ArgumentException(
                    "the head needs widths of at least 1 and 2 prototypes, not %s, %s, %s"
                            .formatted(hidden, bottleneck, prototypes));
        }
    }

    /** dino-nano: pictures of 128 × 128 pixels, patches of 16. */
    public static DinoShape nano() {
        return new DinoShape(vision(160, 4, 5, 128, 16), 256, 64, 256);
    }

    /** A tower with an MLP four times as wide. */
    public static VisionConfig vision(int width, int layers, int heads, int image, int patch) {
        return new VisionConfig(
                VisionFamily.VIT,
                width,
                4 * width,
                layers,
                heads,
                image,
                patch,
                FeedForward.GELU,
                EPS,
                true,
                0,
                0);
    }

    /** Shape by name of everything that is trained. */
    Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>(VisionTower.shapes(vision));
        int d = vision.width();
        long[][] head = {
            {hidden, d},
            {hidden},
            {hidden, hidden},
            {hidden},
            {bottleneck, hidden},
            {bottleneck},
            {prototypes, bottleneck}
        };
        for (int i = 0; i < head.length; i++) {
            shapes.put(HEAD.get(i), head[i]);
        }
        return shapes;
    }
}
