package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.FeatureStatistics;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.FeatureChange.Operation;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import java.util.List;
import java.util.Random;

/**
 * Draws the same pictures with a feature switched off and boosted, and with a random active feature
 * of the same layer instead. Switched off where the prompt asks for the style, boosted where it
 * does not. Belongs to one thread.
 */
final class FeatureTrial {
    /** Holds the numbers by which a trial is run. */
    record Settings(int pictures, double boost, long seed) {}

    /**
     * Holds mean changes of {@link StyleJudge}'s score against the pictures without steering.
     *
     * @param off with the feature switched off
     * @param randomOff with the random one switched off
     * @param boosted with the feature added to every token
     * @param randomBoosted with the random one added likewise
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Result(
            String layer,
            int feature,
            int randomFeature,
            String style,
            int pictures,
            double off,
            double randomOff,
            double boosted,
            double randomBoosted) {}

    private final SteeredPictures drawn;
    private final FeatureAnalysis analysis;
    private final Settings settings;

    FeatureTrial(SteeredPictures drawn, FeatureAnalysis analysis, Settings settings) {
        this.drawn = drawn;
        this.analysis = analysis;
        this.settings = settings;
    }

    /** Returns the result of a feature, tried on {@code contents} in turn. */
    Result run(FeatureAnalysis.Specific own, List<String> contents) {
        String layer = own.layer().layer();
        FeatureStatistics feature = own.feature();
        FeatureStatistics other = random(own);
        String style = analysis.styles().get(feature.mainStyle());
        double[] sums = new double[4];
        for (int i = 0; i < settings.pictures(); i++) {
            String content = contents.get(i % contents.size());
            String styled = PromptTexts.inStyle(content, style);
            long seed = settings.seed() + i;
            sums[0] += drawn.gain(styled, seed, style, off(layer, feature));
            sums[1] += drawn.gain(styled, seed, style, off(layer, other));
            sums[2] += drawn.gain(content, seed, style, boosted(layer, feature));
            sums[3] += drawn.gain(content, seed, style, boosted(layer, other));
        }
        int n = settings.pictures();
        return new Result(
                layer,
                feature.feature(),
                other.feature(),
                style,
                n,
                sums[0] / n,
                sums[1] / n,
                sums[2] / n,
                sums[3] / n);
    }

    /** Returns an active feature of the same layer, drawn by the seed and the feature's number. */
    private FeatureStatistics random(FeatureAnalysis.Specific own) {
        List<FeatureStatistics> others =
                own.layer().features().stream()
                        .filter(f -> f.mean() != null)
                        .filter(f -> f.feature() != own.feature().feature())
                        .toList();
        if (others.isEmpty()) {
            return own.feature();
        }
        Random random = new Random(settings.seed() * 1_000_003 + own.feature().feature());
        return others.get(random.nextInt(others.size()));
    }

    private static List<FeatureChange> off(String layer, FeatureStatistics feature) {
        return List.of(SteeredPictures.off(layer, feature.feature()));
    }

    private List<FeatureChange> boosted(String layer, FeatureStatistics feature) {
        Double mean = feature.mean();
        double value = mean == null ? 0 : settings.boost() * mean;
        int number = feature.feature();
        return List.of(
                new FeatureChange(
                        layer, number, number, Operation.INJECT, value, 1, FeatureChange.OPEN));
    }
}
