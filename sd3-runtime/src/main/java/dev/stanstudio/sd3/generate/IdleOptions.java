package dev.stanstudio.sd3.generate;

import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.ControlInput;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import dev.stanstudio.sd3.pipeline.StepShare;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.util.ArrayList;
import java.util.List;

/** Names the given options that change nothing in the pictures of a request. */
final class IdleOptions {
    private final RequestOptions given;
    private final List<String> notes = new ArrayList<>();

    private IdleOptions(RequestOptions given) {
        this.given = given;
    }

    /** Returns a note for each option that has no effect on {@code request} with {@code model}. */
    static List<String> notes(RequestOptions given, GenerationRequest request, Sd3Model model) {
        IdleOptions idle = new IdleOptions(given);
        idle.shifts(request.sampling(), model.schedule().dynamicShifting());
        idle.guidance(request.sampling());
        idle.shares(request);
        idle.nothings(request);
        idle.t5(request.text().useT5() && model.prompts().hasT5());
        return idle.notes;
    }

    private void shifts(SamplingOptions sampling, boolean ofTheModel) {
        Boolean asked = sampling.dynamicShifting();
        boolean dynamic = asked == null ? ofTheModel : asked;
        if (!dynamic && given.sampling.mu != null) {
            add("--mu", "the shift does not follow the picture's size; add --dynamic-shifting");
        }
        if (dynamic && given.sampling.shift != null) {
            add("--shift", "the shift follows the picture's size; --mu sets its strength");
        }
    }

    private void guidance(SamplingOptions sampling) {
        if (given.sampling.guidance != null && sampling.guiding().schedule() != null) {
            add("--guidance", "the guidance schedule has a scale for each step");
        }
        if (sampling.guided()) {
            return;
        }
        PromptOptions prompts = given.prompts;
        String why = "guidance of at most 1 makes no second prediction; raise --guidance";
        if (prompts.negativePrompt != null
                || prompts.negativePrompt2 != null
                || prompts.negativePrompt3 != null) {
            add("--negative-prompt", why);
        }
        if (given.skipLayer.skipLayers != null) {
            add("--skip-layers", why);
        }
        if (given.sampling.variants != null && sampling.guiding().needGuidance()) {
            add("--guidance-variants", why);
        }
    }

    /** Notes on what acts in a share of the steps that holds none which is made. */
    private void shares(GenerationRequest request) {
        SamplingOptions sampling = request.sampling();
        List<Double> sigmas = sampling.sigmas();
        int steps = sigmas == null ? sampling.steps() : sigmas.size();
        int first = request.firstStep(steps);
        List<String> idle = new ArrayList<>();
        if (given.sampling.variants != null) {
            sampling.guiding()
                    .idle(first, steps)
                    .forEach(part -> idle.add("--guidance-variants " + part));
        }
        SkipLayerGuidance skip = request.skipLayer();
        if (given.skipLayer.skipLayers != null
                && skip != null
                && sampling.guided()
                && skip.isIdle(first, steps)) {
            idle.add(
                    "--skip-layers (--slg-start %s to --slg-stop %s)"
                            .formatted(skip.start(), skip.stop()));
        }
        for (String option : idle) {
            notes.add(
                    "%s acts in none of %s; take more steps or a longer share"
                            .formatted(option, StepShare.words(first, steps)));
        }
    }

    /** Notes on what is multiplied by 0. */
    private void nothings(GenerationRequest request) {
        SkipLayerGuidance skip = request.skipLayer();
        if (skip != null && skip.scale() == 0) {
            add("--skip-layers", "its --slg-scale is 0");
        }
        for (ControlInput control : request.controls()) {
            if (control.scale() == 0) {
                add("--control " + control.path(), "its scale is 0");
            }
        }
        IpAdapterInput pictures = request.ipAdapter();
        if (pictures != null && pictures.scale() == 0) {
            add("--ip-adapter " + pictures.path(), "its scale is 0");
        }
        for (WeightedAdapter adapter : request.adapters()) {
            if (adapter.weight() == 0) {
                add("--adapter " + adapter.path(), "its weight is 0");
            }
        }
    }

    private void t5(boolean reads) {
        if (reads) {
            return;
        }
        String why = "no T5 reads it";
        if (given.prompts.prompt3 != null) {
            add("--prompt-3", why);
        }
        if (given.prompts.negativePrompt3 != null) {
            add("--negative-prompt-3", why);
        }
    }

    private void add(String option, String why) {
        notes.add("%s changes nothing here: %s".formatted(option, why));
    }
}
