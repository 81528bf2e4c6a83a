package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.PromptEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Real pictures of a collection with noise added.
 *
 * @param choice the pictures
 * @param sigmas noise levels, each 0 … 1
 * @param side of the squares that pictures are cut to, in pixels; null for the model's
 */
record CollectionPictures(PictureChoice choice, List<Double> sigmas, @Nullable Integer side)
        implements PictureSource {
    /** Refuses levels outside of 0 … 1; keeps a copy. */
    CollectionPictures {
        sigmas = List.copyOf(sigmas);
        if (sigmas.isEmpty() || sigmas.stream().anyMatch(s -> !(s >= 0 && s <= 1))) {
            throw new UserException("noise levels must be 0 … 1, not " + sigmas);
        }
    }

    @Override
    public ReadWay way() {
        return ReadWay.NOISED_PICTURES;
    }

    @Override
    public List<Double> sigmas(Sd3Model model) {
        return sigmas;
    }

    @Override
    public String settings() {
        return sigmas + " " + side;
    }

    @Override
    public ShownPictures open(
            Sd3Model model, LoadedAdapters.Weighted adapter, FeatureReader reader) {
        PromptEncoder.Reading reading =
                new PromptEncoder.Reading(0, model.defaults().maxSequenceLength(), true);
        int pixels = side == null ? model.defaults().width() : side;
        ReadExamples examples =
                new ReadExamples(model, choice.pictures(), pixels, reading, reader.text());
        model.prompts().evict();
        return new NoisedPictures(
                model.transformer(), model.vae(), reader, sigmas, examples, choice.pictures());
    }
}
