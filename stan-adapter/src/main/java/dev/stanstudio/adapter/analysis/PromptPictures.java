package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.GivenAdapters;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.schedule.SigmaTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that are generated from prompts while features are recorded.
 *
 * @param choice prompts as captions, seeds as numbers, and the files that are written
 * @param side of the pictures in pixels; null for the model's
 * @param steps denoising steps; null for the model's
 * @param guidance scale of classifier-free guidance; null for the model's
 */
record PromptPictures(
        PictureChoice choice,
        @Nullable Integer side,
        @Nullable Integer steps,
        @Nullable Double guidance)
        implements PictureSource {
    @Override
    public ReadWay way() {
        return ReadWay.GENERATION;
    }

    private GenerationRequest request(Sd3Model model) {
        SamplingOptions base = SamplingOptions.of(model.defaults());
        int width = Objects.requireNonNullElse(side, model.defaults().width());
        int height = Objects.requireNonNullElse(side, model.defaults().height());
        return GenerationRequest.builder(model.defaults())
                .size(width, height)
                .sampling(
                        base.withSteps(Objects.requireNonNullElse(steps, base.steps()))
                                .withGuidance(
                                        Objects.requireNonNullElse(guidance, base.guidance())))
                .build();
    }

    @Override
    public List<Double> sigmas(Sd3Model model) {
        GenerationRequest request = request(model);
        MmditConfig config = model.transformer().config();
        int cell = model.vae().config().factor() * config.patchSize();
        SigmaTable table =
                request.sampling()
                        .table(
                                model.schedule(),
                                (request.width() / cell) * (request.height() / cell));
        List<Double> sigmas = new ArrayList<>();
        for (int call = 0; call < table.modelCalls(); call++) {
            sigmas.add((double) table.sigma(call));
        }
        return sigmas;
    }

    @Override
    public String settings() {
        return side + " " + steps + " " + guidance;
    }

    @Override
    public ShownPictures open(
            Sd3Model model, LoadedAdapters.Weighted adapter, FeatureReader reader) {
        GivenAdapters loader = new GivenAdapters(reader.adapters(), reader.text());
        WeightedAdapter use =
                new WeightedAdapter(
                        adapter.source().name(), adapter.source().sha256(), adapter.weight());
        return new GeneratedPictures(
                new Sd3Pipeline(model, loader),
                loader,
                reader,
                request(model).withAdapters(List.of(use)),
                choice.pictures());
    }
}
