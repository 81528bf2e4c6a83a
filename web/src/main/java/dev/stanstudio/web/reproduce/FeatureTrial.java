package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.FeatureStatistics;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.FeatureChange.Operation;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Draws the same pictures with a feature switched off and boosted, and with a random active feature
 * of the same layer instead. Switched off where the prompt asks for the style, boosted where it
 * does not. Belongs to one thread.
 */
final class FeatureTrial {
    /** Holds the numbers by which a trial is run. */
    record Settings(int steps, int pictures, double boost, long seed) {}

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

    private record Drawn(String prompt, long seed) {}

    private final Sd3Pipeline pipeline;
    private final StyleJudge judge;
    private final Path adapter;
    private final FeatureAnalysis analysis;
    private final Settings settings;
    private final Map<Drawn, Picture> plain = new HashMap<>();

    FeatureTrial(
            Sd3Pipeline pipeline,
            StyleJudge judge,
            Path adapter,
            FeatureAnalysis analysis,
            Settings settings) {
        this.pipeline = pipeline;
        this.judge = judge;
        this.adapter = adapter;
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
            sums[0] += gain(styled, seed, style, change(layer, feature, false));
            sums[1] += gain(styled, seed, style, change(layer, other, false));
            sums[2] += gain(content, seed, style, change(layer, feature, true));
            sums[3] += gain(content, seed, style, change(layer, other, true));
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

    private FeatureChange change(String layer, FeatureStatistics feature, boolean boosted) {
        Double mean = feature.mean();
        double value = boosted && mean != null ? settings.boost() * mean : 0;
        return new FeatureChange(
                layer,
                feature.feature(),
                feature.feature(),
                boosted ? Operation.INJECT : Operation.SCALE,
                value,
                1,
                FeatureChange.OPEN);
    }

    private double gain(String prompt, long seed, String style, FeatureChange change) {
        Picture base =
                plain.computeIfAbsent(
                        new Drawn(prompt, seed), key -> draw(prompt, seed, List.of()));
        Picture steered = draw(prompt, seed, List.of(change));
        return judge.score(steered, style) - judge.score(base, style);
    }

    private Picture draw(String prompt, long seed, List<FeatureChange> changes) {
        ModelDefaults defaults = pipeline.model().defaults();
        PictureSettings pictures =
                PictureSettings.of(
                        "",
                        defaults.width(),
                        defaults.height(),
                        SamplingOptions.of(settings.steps(), defaults.guidance()),
                        defaults);
        List<WeightedAdapter> uses = List.of(new WeightedAdapter(adapter.toString(), null, 1));
        Method method = new Method("adapter", uses, changes);
        GenerationRequest request = pictures.request(prompt, method, List.of(seed));
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture();
    }
}
