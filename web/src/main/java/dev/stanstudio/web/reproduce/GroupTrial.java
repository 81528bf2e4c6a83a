package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.StyleFeatures;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws the same pictures with all of a style's most specific features switched off at once, and
 * with as many random active features of the same layers off instead. Belongs to one thread.
 */
final class GroupTrial {
    /**
     * Holds the numbers by which a trial is run.
     *
     * @param share of the features of image tokens that belong to a style, in (0, 0.5]
     * @param pictures of each style
     */
    record Settings(double share, int pictures, long seed) {}

    /**
     * Holds the scores of one style by {@link StyleJudge}, means over pictures.
     *
     * @param plain score without a change
     * @param off change of it with the style's features off
     * @param randomOff change of it with the random ones off
     * @param activation sum of the mean activations that the style's samples have of its features
     * @param randomActivation that sum of the random ones
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Result(
            String style,
            int features,
            int pictures,
            double plain,
            double off,
            double randomOff,
            double activation,
            double randomActivation) {
        /** Returns how much more of the style goes with its own features; negative: more goes. */
        double difference() {
            return off - randomOff;
        }
    }

    private final SteeredPictures drawn;
    private final FeatureAnalysis analysis;
    private final Settings settings;

    GroupTrial(SteeredPictures drawn, FeatureAnalysis analysis, Settings settings) {
        this.drawn = drawn;
        this.analysis = analysis;
        this.settings = settings;
    }

    /** Returns the result of the style with number {@code style}, on {@code contents} in turn. */
    Result run(int style, List<String> contents) {
        StyleFeatures features =
                StyleFeatures.of(analysis, style, settings.share(), settings.seed());
        String name = analysis.styles().get(style);
        double plain = 0;
        double off = 0;
        double randomOff = 0;
        for (int i = 0; i < settings.pictures(); i++) {
            String prompt = PromptTexts.inStyle(contents.get(i % contents.size()), name);
            long seed = settings.seed() + i;
            plain += drawn.score(prompt, seed, name);
            off += drawn.gain(prompt, seed, name, off(features.own()));
            randomOff += drawn.gain(prompt, seed, name, off(features.others()));
        }
        int n = settings.pictures();
        return new Result(
                name,
                features.own().size(),
                n,
                plain / n,
                off / n,
                randomOff / n,
                StyleFeatures.activation(features.own()),
                StyleFeatures.activation(features.others()));
    }

    private static List<FeatureChange> off(List<StyleFeatures.Chosen> features) {
        List<FeatureChange> changes = new ArrayList<>();
        features.forEach(one -> changes.add(SteeredPictures.off(one.layer(), one.feature())));
        return changes;
    }
}
