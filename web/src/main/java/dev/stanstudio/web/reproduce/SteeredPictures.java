package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.FeatureChange.Operation;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.PictureSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws pictures with an adapter whose features are changed, and scores them beside those of the
 * same noise without the change. Belongs to one thread.
 */
final class SteeredPictures {
    private record Drawn(String prompt, long seed) {}

    private final Sd3Pipeline pipeline;
    private final StyleJudge judge;
    private final Path adapter;
    private final int steps;
    private final Map<Drawn, Picture> plain = new HashMap<>();

    SteeredPictures(Sd3Pipeline pipeline, StyleJudge judge, Path adapter, int steps) {
        this.pipeline = pipeline;
        this.judge = judge;
        this.adapter = adapter;
        this.steps = steps;
    }

    /** Returns the change that switches a feature off in every step. */
    static FeatureChange off(String layer, int feature) {
        return new FeatureChange(
                layer, feature, feature, Operation.SCALE, 0, 1, FeatureChange.OPEN);
    }

    /** Returns by how much {@code changes} move the score of {@code style}. */
    double gain(String prompt, long seed, String style, List<FeatureChange> changes) {
        return judge.score(draw(prompt, seed, changes), style) - score(prompt, seed, style);
    }

    /** Returns the score of the picture without changes. */
    double score(String prompt, long seed, String style) {
        Picture base =
                plain.computeIfAbsent(
                        new Drawn(prompt, seed), key -> draw(prompt, seed, List.of()));
        return judge.score(base, style);
    }

    private Picture draw(String prompt, long seed, List<FeatureChange> changes) {
        ModelDefaults defaults = pipeline.model().defaults();
        PictureSettings pictures =
                PictureSettings.of(
                        "",
                        defaults.width(),
                        defaults.height(),
                        SamplingOptions.of(steps, defaults.guidance()),
                        defaults);
        List<WeightedAdapter> uses = List.of(new WeightedAdapter(adapter.toString(), null, 1));
        Method method = new Method("adapter", uses, changes);
        GenerationRequest request = pictures.request(prompt, method, List.of(seed));
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture();
    }
}
