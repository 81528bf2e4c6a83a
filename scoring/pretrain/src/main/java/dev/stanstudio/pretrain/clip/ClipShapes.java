package dev.stanstudio.pretrain.clip;

import dev.stanstudio.scoring.vision.FeedForward;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.scoring.vision.VisionFamily;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import java.util.List;

/** The shapes of the built-in CLIP networks. */
public final class ClipShapes {
    /** Side of their pictures in pixels. */
    public static final int SIDE = 128;

    /** Longest row of ids. */
    public static final int LENGTH = 36;

    private static final int PROJECTION = 128;
    private static final int PATCH = 16;
    private static final double EPS = 1e-5;

    private ClipShapes() {}

    /** The two text towers of sd3-nano and the image tower they learn with. */
    public static ClipShape towers(BpeVocabulary vocabulary) {
        return new ClipShape(
                vision(2 * PROJECTION),
                List.of(
                        new ClipShape.Text(
                                "text_encoder.",
                                "tokenizer",
                                BpeVocabulary.END,
                                "logit_scale",
                                text(vocabulary, true)),
                        new ClipShape.Text(
                                "text_encoder_2.",
                                "tokenizer_2",
                                BpeVocabulary.EXCLAMATION,
                                "logit_scale_2",
                                text(vocabulary, false))));
    }

    /** clip-nano. */
    public static ClipShape clip(BpeVocabulary vocabulary) {
        return new ClipShape(
                vision(PROJECTION),
                List.of(
                        new ClipShape.Text(
                                "",
                                "tokenizer",
                                BpeVocabulary.END,
                                "logit_scale",
                                text(vocabulary, true))));
    }

    private static VisionConfig vision(int projection) {
        return new VisionConfig(
                VisionFamily.CLIP,
                160,
                640,
                4,
                5,
                SIDE,
                PATCH,
                FeedForward.QUICK_GELU,
                EPS,
                true,
                0,
                projection);
    }

    private static ClipTextConfig text(BpeVocabulary vocabulary, boolean quickGelu) {
        return new ClipTextConfig(
                vocabulary.size(),
                128,
                512,
                3,
                2,
                LENGTH,
                PROJECTION,
                quickGelu,
                EPS,
                vocabulary.end());
    }
}
