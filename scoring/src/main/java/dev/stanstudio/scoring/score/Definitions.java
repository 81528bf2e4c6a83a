package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Definitions of the metrics that need references. */
final class Definitions {
    static final String KID = "kid_";
    static final String CMMD = "cmmd";
    static final String DIVERSITY = "diversity_";

    private Definitions() {}

    static void addStyle(List<Definition> list, TowerKind kind, EmbedderId made) {
        list.add(
                Definition.of(
                        kind.styleMetric(),
                        "mean cos(image, reference)",
                        "each picture with every reference of its style",
                        "larger",
                        null,
                        made));
        list.add(
                Definition.of(
                        kind.styleMetric() + Scorer.OTHERS,
                        "mean over the other styles of mean cos(image, reference)",
                        "each picture with every reference of every other style",
                        "smaller",
                        null,
                        made));
    }

    /** Adds the metrics that compare with pictures without adapter. */
    static void addBase(List<Definition> list, EmbedderId made) {
        list.add(
                Definition.of(
                        BaseComparison.CONTENT_KEPT,
                        "cos(image, image without adapter)",
                        "each picture of a style with that of the same prompt and noise without"
                                + " adapter",
                        "neither",
                        null,
                        made));
        list.add(
                Definition.of(
                        BaseComparison.DRIFT,
                        "(1 − cos(image, image without adapter)) / 2",
                        "each picture of a prompt without a style with that of the same noise"
                                + " without adapter",
                        "smaller",
                        null,
                        made));
    }

    static void addSets(
            List<Definition> list, Set<TowerKind> towers, Function<TowerKind, EmbedderId> ids) {
        String sets = "the pictures of a style with its references, at most 256 pictures";
        for (TowerKind kind : towers) {
            list.add(
                    Definition.of(
                            KID + kind.key(),
                            "unbiased MMD² with (x·y/d + 1)³",
                            sets,
                            "smaller",
                            null,
                            ids.apply(kind)));
            if (kind == TowerKind.CLIP) {
                list.add(
                        Definition.of(
                                CMMD,
                                "1000 · biased MMD² with exp(−|x−y|²/200), normalised",
                                sets,
                                "smaller",
                                null,
                                ids.apply(kind)));
            }
            list.add(
                    Definition.of(
                            DIVERSITY + kind.key(),
                            "1 − mean cosine of all pairs",
                            "the pictures of a style with each other, at most 256",
                            "neither",
                            null,
                            ids.apply(kind)));
        }
    }
}
