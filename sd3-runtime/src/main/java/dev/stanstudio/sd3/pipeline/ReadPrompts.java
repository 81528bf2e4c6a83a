package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.mmdit.ImagePrompt;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener.Stage;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextAdapters;
import org.jspecify.annotations.Nullable;

/** The embeddings of a request's prompts; the negative one is null without guidance. */
record ReadPrompts(PromptEmbeds positive, @Nullable PromptEmbeds negative) {
    /** Returns the transformer under these prompts, for the size of {@code controls}. */
    GuidedTransformer guide(
            Scope scope,
            GenerationRequest request,
            AdapterLoader.@Nullable Loaded adapters,
            Controls controls,
            @Nullable ImagePrompt images) {
        return new GuidedTransformer(
                scope,
                controls,
                positive,
                negative,
                request.skipLayer(),
                request.sampling().guiding().perturbed(),
                adapters,
                images);
    }

    /** Reads the prompts of a request; {@code scope} owns the tensors. */
    static ReadPrompts read(
            Scope scope,
            Sd3Model model,
            GenerationRequest request,
            AdapterLoader.@Nullable Loaded adapters,
            GenerationListener listener) {
        listener.onStage(0, Stage.ENCODING);
        TextOptions text = request.text();
        CancellationCheck cancellation = new CancellationCheck(listener);
        PromptEncoder prompts = model.prompts();
        Prompt wanted = request.prompt().toPrompt();
        Prompt unwanted = request.negative().toPrompt();
        boolean guided = request.sampling().guided();
        // diffusers never skips CLIP layers for the negative prompt.
        PromptEncoder.Reading plain = text.encoding(0);
        int chunks = guided ? prompts.chunks(unwanted, plain) : 1;
        PromptEncoder.Reading reading = text.encoding(text.clipSkip()).withChunks(chunks);
        chunks = prompts.chunks(wanted, reading);
        TextAdapters added = adapters == null ? TextAdapters.NONE : adapters.text();
        PromptEmbeds positive = prompts.encode(scope, wanted, reading, added, cancellation::check);
        positive.truncated().forEach(listener::onWarning);
        PromptEmbeds negative =
                guided
                        ? prompts.encode(
                                scope,
                                unwanted,
                                plain.withChunks(chunks),
                                added,
                                cancellation::check)
                        : null;
        if (model.options().offload() != Offload.NONE) {
            prompts.evict();
        }
        FiniteCheck finite = FiniteCheck.of(model, request);
        finite.embedding("prompt", positive);
        if (negative != null) {
            finite.embedding("negative prompt", negative);
        }
        if (listener.wantsTensors()) {
            traceEmbeds(listener, "", positive);
            if (negative != null) {
                traceEmbeds(listener, "negative_", negative);
            }
        }
        return new ReadPrompts(positive, negative);
    }

    private static void traceEmbeds(
            GenerationListener listener, String prefix, PromptEmbeds embeds) {
        try (Scope local = Scope.open("trace")) {
            listener.onTensor(0, prefix + "prompt_embeds", embeds.expanded(local));
            listener.onTensor(0, prefix + "pooled_prompt_embeds", embeds.pooled());
        }
    }
}
