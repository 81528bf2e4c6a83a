package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.text.PromptEmbeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Refuses tensors that hold NaN or infinity, which would otherwise end as black pictures. One
 * reduction over a tensor that is small beside what computed it.
 */
record FiniteCheck(String model, GenerationRequest request, DType dtype) {
    /** Scales above this are a likely cause of infinite latents. */
    private static final double LARGE_GUIDANCE = 30;

    static FiniteCheck of(Sd3Model model, GenerationRequest request) {
        return new FiniteCheck(model.name(), request, model.options().dtype());
    }

    /**
     * Refuses the embedding of a prompt.
     *
     * @throws UserException that says what to change
     */
    void embedding(String which, PromptEmbeds embeds) {
        if (!Tensors.allFinite(embeds.tokens()) || !Tensors.allFinite(embeds.pooled())) {
            List<String> advice = new ArrayList<>(adapterAdvice());
            advice.addAll(typeAdvice());
            throw refusal("the embedding of the " + which, advice);
        }
    }

    /** Refuses the latents of an initial picture or of a file. */
    void start(Tensor latents) {
        if (!Tensors.allFinite(latents)) {
            throw request.latentsFile() == null
                    ? refusal("the latents of the initial picture", typeAdvice())
                    : new UserException(
                            "%s holds latents that are NaN or infinite in %s; write finite ones"
                                    .formatted(request.latentsFile(), dtype.label()));
        }
    }

    /** Refuses the latents after step {@code step} of {@code steps}, counted from 1. */
    void step(int step, int steps, Tensor latents) {
        if (!Tensors.allFinite(latents)) {
            throw refusal("the latents after step " + step + " of " + steps, advice());
        }
    }

    /** Refuses the decoded picture, whose latents were finite. */
    void decoded(Tensor picture) {
        if (!Tensors.allFinite(picture)) {
            throw refusal("the decoded picture, though not its latents,", advice());
        }
    }

    private UserException refusal(String what, List<String> advice) {
        String all =
                advice.isEmpty() ? "the weights of " + model + " may be damaged" : join(advice);
        return new UserException(
                "%s became NaN or infinite in %s, so no picture; %s"
                        .formatted(what, dtype.label(), all));
    }

    private static String join(List<String> advice) {
        return "try " + String.join(", or ", advice);
    }

    private List<String> advice() {
        List<String> advice = new ArrayList<>(adapterAdvice());
        IpAdapterInput ip = request.ipAdapter();
        if (ip != null) {
            advice.add(
                    "a smaller scale of the IP-Adapter (%s × %s)"
                            .formatted(Path.of(ip.path()).getFileName(), ip.scale()));
        }
        if (!request.controls().isEmpty()) {
            advice.add("smaller scales of the ControlNets");
        }
        if (request.sampling().guidance() > LARGE_GUIDANCE) {
            advice.add("less guidance than " + request.sampling().guidance());
        }
        SkipLayerGuidance skip = request.skipLayer();
        if (skip != null && Math.abs(skip.scale()) > LARGE_GUIDANCE) {
            advice.add("a smaller skip-layer scale than " + skip.scale());
        }
        if (!request.sampling().guiding().equals(GuidanceOptions.PLAIN)) {
            advice.add("other variants of guidance than " + request.sampling().guiding());
        }
        advice.addAll(typeAdvice());
        return advice;
    }

    /** Adapters change text encoders as well as the transformer. */
    private List<String> adapterAdvice() {
        return request.adapters().isEmpty()
                ? List.of()
                : List.of("smaller weights of the adapters (" + adapters() + ")");
    }

    private List<String> typeAdvice() {
        return dtype == DType.FP16
                ? List.of("the type bf16 or fp32, which hold larger numbers")
                : List.of();
    }

    private String adapters() {
        return request.adapters().stream()
                .map(use -> Path.of(use.path()).getFileName() + " × " + use.weight())
                .collect(Collectors.joining(", "));
    }
}
