package dev.stanstudio.scoring.metric;

import java.util.Arrays;

/**
 * Measures the fit of pictures to their texts, by CLIP, larger is better. Papers call three
 * different numbers "CLIP score"; each has its own name here. All start from the raw cosine of a
 * pair.
 */
public final class ClipScore {
    private static final double HESSEL_WEIGHT = 2.5;
    private static final double PERCENT = 100;

    private ClipScore() {}

    /**
     * {@code clip_t}: the raw cosine of each pair, −1 … 1.
     *
     * @param images features of n pictures
     * @param texts features of their n texts
     * @throws IllegalArgumentException if the numbers of rows differ
     */
    public static double[] clipT(float[][] images, float[][] texts) {
        return Cosines.pairs(images, texts);
    }

    /**
     * {@code clip_s}: 2.5 · max(cos, 0) of each pair, 0 … 2.5 (Hessel et al. 2021, CLIPScore, eq.
     * 1). The authors put "A photo depicts " before each text.
     *
     * @param clipT {@link #clipT} of the pairs
     */
    public static double[] clipS(double[] clipT) {
        return Arrays.stream(clipT).map(cosine -> HESSEL_WEIGHT * Math.max(cosine, 0)).toArray();
    }

    /**
     * {@code clip_score_100}: max(100 · mean cos, 0), 0 … 100. The mean comes before the clamp, as
     * torchmetrics computes it (torchmetrics clip_score.py), not as its documentation writes it.
     *
     * @param clipT {@link #clipT} of the pairs
     * @throws IllegalArgumentException if there is no pair
     */
    public static double clipScore100(double[] clipT) {
        double mean =
                Arrays.stream(clipT)
                        .average()
                        .orElseThrow(
                                () -> new IllegalArgumentException("no pair, so no mean score"));
        return Math.max(PERCENT * mean, 0);
    }
}
