package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Checkpointing;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.text.CaptionEncoder;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loss and gradients of an adapter on one device. Several threads may ask at once.
 *
 * @param transformer frozen, in the form that gradients can be taken through
 * @param adapter on the transformer's device
 * @param objective the loss
 * @param checkpointing whether blocks are computed once more on the way back, in the memory of one
 * @param captions reads captions by the text encoders in training
 */
record AdapterLoss(
        Mmdit transformer,
        PlacedAdapter adapter,
        Objective objective,
        boolean checkpointing,
        Captions captions) {
    /** Reads captions. */
    @FunctionalInterface
    interface Captions {
        /** Takes their embeddings without adapters, where no text encoder is trained. */
        Captions KNOWN = (scope, texts, known) -> known;

        /**
         * Returns captions as the text encoders in training read them now; {@code scope} owns them.
         *
         * @param known their embeddings without adapters
         */
        CaptionEncoder.Rows read(Scope scope, List<String> texts, CaptionEncoder.Rows known);
    }

    /** Returns where it computes. */
    Device device() {
        return transformer.placement().device();
    }

    /**
     * Returns the gradients on {@code batch} of what the network is given, in its order.
     *
     * @param scope owns them
     * @param hook adds its term to the loss
     * @param report receives the loss without that term
     */
    List<Tensor> gradients(
            Scope scope, TrainingBatch batch, TrainingHook hook, DoubleConsumer report) {
        TensorList parameters = adapter.given().list();
        Inputs inputs = inputs(scope, batch);
        Function<Tensor, Tensor> loss =
                velocity -> {
                    Tensor alone = inputs.loss(scope, velocity);
                    report.accept(alone.toFloats()[0]);
                    Tensor more = hook.term(scope, adapter.given());
                    return more == null ? alone : FlowObjective.plus(scope, alone, more);
                };
        return checkpointing
                ? Checkpointing.gradients(scope, transformer, inputs.step(), parameters, loss)
                : Tensors.gradients(scope, loss.apply(forward(scope, inputs.step())), parameters);
    }

    /** Returns the objective on {@code batch}; one number that {@code scope} owns. */
    Tensor loss(Scope scope, TrainingBatch batch) {
        Inputs inputs = inputs(scope, batch);
        return inputs.loss(scope, forward(scope, inputs.step()));
    }

    /** Inputs of the transformer, and what its output is compared with. */
    private record Inputs(
            Checkpointing.StepInputs step,
            Objective objective,
            @Nullable Tensor reference,
            Tensor noisy,
            Tensor clean,
            Tensor noise,
            List<Double> sigmas,
            Emphasis emphasis) {
        Tensor loss(Scope scope, Tensor velocity) {
            double[] levels = sigmas.stream().mapToDouble(Double::doubleValue).toArray();
            return objective.loss(
                    scope,
                    new Objective.Answer(velocity, reference, noisy, clean, noise, emphasis),
                    levels);
        }
    }

    private Inputs inputs(Scope scope, TrainingBatch batch) {
        Placement placement = transformer.placement();
        Tensor clean = placed(scope, batch.latents());
        Tensor noise = placed(scope, batch.noise());
        Tensor noisy = objective.noisy(scope, clean, noise, batch.levels());
        CaptionEncoder.Rows known =
                new CaptionEncoder.Rows(
                        typed(scope, batch.promptEmbeds()), typed(scope, batch.pooled()));
        Checkpointing.StepInputs step =
                new Checkpointing.StepInputs(
                        Tensors.to(scope, noisy, placement.device(), placement.dtype()),
                        batch.sigmas().stream().map(s -> AdapterStep.TIMESTEPS * s).toList(),
                        known.tokens(),
                        known.pooled(),
                        batch.lastRepeats(),
                        adapter.adapters());
        Emphasis emphasis =
                new Emphasis(
                        batch.emphasis().rows(),
                        batch.emphasis().masks().stream()
                                .map(mask -> Tensors.recordable(scope, placed(scope, mask)))
                                .toList());
        Tensor reference = objective.needsReference() ? withoutAdapter(scope, step) : null;
        CaptionEncoder.Rows read = captions.read(scope, batch.captions(), known);
        return new Inputs(
                step.withText(read.tokens(), read.pooled()),
                objective,
                reference,
                noisy,
                clean,
                noise,
                batch.sigmas(),
                emphasis);
    }

    /** Returns what the network answers at the adapter's weight 0, of which nothing is recorded. */
    private Tensor withoutAdapter(Scope scope, Checkpointing.StepInputs step) {
        try (Autograd paused = Autograd.pause();
                Scope local = Scope.open("reference")) {
            return Tensors.recordable(scope, forward(local, step.withoutAdapters()));
        }
    }

    private Tensor forward(Scope scope, Checkpointing.StepInputs step) {
        Mmdit.Conditioning text =
                transformer.condition(
                        scope,
                        step.promptEmbeds(),
                        step.pooled(),
                        step.lastRepeats(),
                        step.adapters());
        return transformer.forward(
                scope, step.latents(), step.times(), text, Perturbation.NONE, block -> {});
    }

    private Tensor placed(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, device(), tensor.dtype());
    }

    private Tensor typed(Scope scope, Tensor tensor) {
        Placement placement = transformer.placement();
        Tensor moved = Tensors.to(scope, tensor, placement.device(), placement.dtype());
        return Tensors.recordable(scope, moved);
    }
}
