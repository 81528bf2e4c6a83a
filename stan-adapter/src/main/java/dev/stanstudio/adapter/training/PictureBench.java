package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.project.GivenAdapters;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.bench.Rounds;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Times whole pictures: reading the prompt, all denoising steps and decoding, one variant after the
 * other in every round. For one thread.
 */
final class PictureBench {
    private static final String PROMPT = "a lighthouse on a cliff above the sea";

    private PictureBench() {}

    /**
     * Returns the median milliseconds of a picture by variant.
     *
     * @param model what draws; it is closed at the end
     * @param adapters by the variant's name, beside {@link Efficiency#NONE}
     * @param steps denoising steps of a picture
     */
    static Map<String, Double> run(
            Sd3Model model,
            BenchSettings settings,
            Map<String, RandomAdapter> adapters,
            int steps) {
        MmditConfig config = model.transformer().config();
        List<LoadedAdapters> active = new ArrayList<>();
        try {
            Map<String, Adapters> loaded = new LinkedHashMap<>();
            adapters.forEach(
                    (name, adapter) -> {
                        active.add(Efficiency.load(adapter, 1, config, settings));
                        loaded.put(name, active.get(active.size() - 1).adapters());
                    });
            return time(model, settings, loaded, steps);
        } finally {
            active.forEach(LoadedAdapters::close);
        }
    }

    private static Map<String, Double> time(
            Sd3Model model, BenchSettings settings, Map<String, Adapters> loaded, int steps) {
        GenerationRequest plain =
                GenerationRequest.builder(model.defaults())
                        .prompt(PromptTexts.of(PROMPT))
                        .size(settings.side(), settings.side())
                        .sampling(SamplingOptions.of(model.defaults()).withSteps(steps))
                        .build();
        Adapters any = loaded.values().stream().findFirst().orElse(null);
        GivenAdapters given = any == null ? null : new GivenAdapters(any);
        try (Sd3Pipeline pipeline =
                given == null ? new Sd3Pipeline(model) : new Sd3Pipeline(model, given)) {
            Map<String, Supplier<Rounds.Step>> variants = new LinkedHashMap<>();
            variants.put(Efficiency.NONE, () -> picture(pipeline, plain, given, null));
            loaded.forEach(
                    (name, adapters) ->
                            variants.put(name, () -> picture(pipeline, plain, given, adapters)));
            Map<String, Double> medians = new LinkedHashMap<>();
            Rounds.run(settings.warmUp(), settings.steps(), variants)
                    .forEach(
                            (name, times) ->
                                    medians.put(name, Efficiency.median(times.stepMillis())));
            return medians;
        }
    }

    private static Rounds.Step picture(
            Sd3Pipeline pipeline,
            GenerationRequest plain,
            @Nullable GivenAdapters given,
            @Nullable Adapters adapters) {
        if (given == null || adapters == null) {
            return Rounds.time(() -> pipeline.generate(plain, GenerationListener.SILENT));
        }
        given.set(adapters);
        GenerationRequest adapted =
                plain.withAdapters(List.of(new WeightedAdapter("random", null, 1)));
        return Rounds.time(() -> pipeline.generate(adapted, GenerationListener.SILENT));
    }
}
