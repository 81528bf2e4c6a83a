package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Checkpointing;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.text.CaptionEncoder;
import dev.stanstudio.training.FrozenWeights;
import dev.stanstudio.training.Optimizer;
import dev.stanstudio.training.OptimizerSettings;
import dev.stanstudio.training.ParameterRules;
import dev.stanstudio.training.Shards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the steps of training an adapter on a frozen transformer: the transformer computes in its
 * own type, the adapter in fp32. Belongs to one training and one thread.
 */
public final class AdapterStep implements AutoCloseable {
    private static final double CLIP_EPSILON = 1e-6;
    static final double TIMESTEPS = 1000;

    /**
     * Results of a step.
     *
     * @param loss of the objective alone
     * @param gradientNorm global norm of the gradients before clipping
     */
    public record StepReport(double loss, double gradientNorm) {}

    private final Mmdit transformer;
    private final AdapterParameters adapter;
    private final Objective objective;
    private final double clip;
    private final Optimizer optimizer;
    private final TrainingHook hook;
    private final RankDropout dropout;
    private final InputDropout inputs;
    private final Shards shards;
    private final boolean checkpointing;
    private final @Nullable TextTraining text;

    /**
     * Settings of the steps.
     *
     * @param objective the loss
     * @param optimizer what moves the adapter
     * @param steps updates in all, for hooks that follow a schedule
     * @param epoch updates until every picture was seen once
     * @param shards parts of a batch computed side by side
     * @param checkpointing whether blocks are computed once more on the way back, in the memory of
     *     one
     * @param variants departures from a plain update
     * @param seed of what is drawn for an update
     * @param text how text encoders are trained too, or null
     */
    record Settings(
            Objective objective,
            OptimizerSettings optimizer,
            long steps,
            long epoch,
            int shards,
            boolean checkpointing,
            StepVariants variants,
            long seed,
            @Nullable TextTraining text) {
        /** Plain updates. */
        Settings(
                Objective objective,
                OptimizerSettings optimizer,
                long steps,
                long epoch,
                int shards,
                boolean checkpointing) {
            this(
                    objective,
                    optimizer,
                    steps,
                    epoch,
                    shards,
                    checkpointing,
                    StepVariants.NONE,
                    0,
                    null);
        }

        /** Returns the same with blocks computed twice, or once. */
        Settings withCheckpointing(boolean twice) {
            return new Settings(
                    objective, optimizer, steps, epoch, shards, twice, variants, seed, text);
        }
    }

    /**
     * Prepares step 1.
     *
     * @param transformer frozen, in the form that gradients can be taken through, its weights
     *     {@link FrozenWeights}
     */
    AdapterStep(Mmdit transformer, AdapterParameters adapter, Settings settings) {
        this.transformer = transformer;
        this.adapter = adapter;
        this.objective = settings.objective();
        this.clip = settings.optimizer().clip();
        this.checkpointing = settings.checkpointing();
        this.text = settings.text();
        this.optimizer = settings.optimizer().begin(adapter.parameters(), rules(adapter, settings));
        this.dropout = new RankDropout(adapter, settings.variants().rankDropout(), settings.seed());
        this.inputs =
                new InputDropout(adapter, settings.variants().inputDropout(), settings.seed());
        this.hook = TrainingHook.of(adapter, settings.steps(), settings.epoch());
        this.shards = new Shards(settings.shards());
    }

    private static ParameterRules rules(AdapterParameters adapter, Settings settings) {
        TextTraining texts = settings.text();
        double outputs = settings.variants().outputRate();
        return texts == null
                ? new ParameterRules(adapter.undecayed(), adapter.rates(outputs, Map.of()))
                : new ParameterRules(
                        adapter.undecayed(),
                        adapter.rates(outputs, texts.factors()),
                        adapter.lasts(texts.last()));
    }

    /** The optimizer, for checkpoints. */
    Optimizer optimizer() {
        return optimizer;
    }

    /** Returns what changes beside parameters and moments, for checkpoints. */
    Map<String, Tensor> state() {
        return hook.state();
    }

    /** Returns numbers of kind and optimizer for the log, such as the ranks that are left. */
    public Map<String, Double> numbers() {
        Map<String, Double> numbers = new LinkedHashMap<>(hook.numbers());
        numbers.putAll(optimizer.reported());
        return numbers;
    }

    /** Counts the updates made so far. */
    public long steps() {
        return optimizer.steps();
    }

    /**
     * Makes one update.
     *
     * @throws dev.stanstudio.training.DivergedException if the gradients are not finite; nothing
     *     has moved then
     */
    public StepReport step(TrainingBatch batch, double learningRate) {
        double[] losses = new double[shards.count()];
        try (Scope scope = Scope.open("step")) {
            long number = optimizer.steps() + 1;
            adapter.refresh();
            List<Tensor> gradients = new ArrayList<>();
            Runnable computing =
                    () -> {
                        hook.before(number, local -> gradients(local, batch, null));
                        gradients.addAll(gradients(scope, batch, losses));
                    };
            dropout.during(number, () -> inputs.during(number, computing));
            double norm = optimizer.update(gradients, learningRate);
            adapter.limit();
            double scale = clip > 0 ? Math.min(1, clip / (norm + CLIP_EPSILON)) : 1;
            hook.after(new TrainingHook.Update(number, gradients, scale, learningRate));
            return new StepReport(Arrays.stream(losses).average().orElse(0), norm);
        }
    }

    private List<Tensor> gradients(Scope scope, TrainingBatch batch, double @Nullable [] losses) {
        List<Tensor> gradients =
                shards.gradients(
                        scope,
                        (local, shard) -> {
                            long rows = batch.size();
                            long start = shards.start(shard, rows);
                            TrainingBatch own =
                                    batch.rows(local, start, shards.start(shard + 1, rows));
                            return ofShard(
                                    local,
                                    own,
                                    value -> {
                                        if (losses != null) {
                                            losses[shard] = value;
                                        }
                                    });
                        });
        return adapter.chained(scope, gradients);
    }

    private List<Tensor> ofShard(Scope scope, TrainingBatch batch, DoubleConsumer report) {
        TensorList parameters = adapter.differentiated();
        LossInputs inputs = lossInputs(scope, batch);
        Function<Tensor, Tensor> loss =
                velocity -> {
                    Tensor alone = inputs.loss(scope, velocity);
                    report.accept(alone.toFloats()[0]);
                    Tensor more = hook.term(scope);
                    return more == null ? alone : FlowObjective.plus(scope, alone, more);
                };
        return checkpointing
                ? Checkpointing.gradients(scope, transformer, inputs.step(), parameters, loss)
                : Tensors.gradients(scope, loss.apply(forward(scope, inputs.step())), parameters);
    }

    /**
     * Computes the objective on {@code batch} with the adapter as it is; one number that {@code
     * scope} owns.
     */
    Tensor loss(Scope scope, TrainingBatch batch) {
        adapter.refresh();
        LossInputs inputs = lossInputs(scope, batch);
        return inputs.loss(scope, forward(scope, inputs.step()));
    }

    /** Inputs of the transformer, and what its output is compared with. */
    private record LossInputs(
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

    private LossInputs lossInputs(Scope scope, TrainingBatch batch) {
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
                        batch.sigmas().stream().map(s -> TIMESTEPS * s).toList(),
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
        CaptionEncoder.Rows read = read(scope, batch.captions(), known);
        return new LossInputs(
                step.withText(read.tokens(), read.pooled()),
                objective,
                reference,
                noisy,
                clean,
                noise,
                batch.sigmas(),
                emphasis);
    }

    /**
     * Returns captions as the text encoders in training read them now.
     *
     * @param known their embeddings without adapters, which are all where none is trained
     */
    CaptionEncoder.Rows read(Scope scope, List<String> captions, CaptionEncoder.Rows known) {
        return text == null
                ? known
                : text.encode(scope, captions, known, adapter.text(), optimizer.steps() + 1);
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
        return Tensors.to(scope, tensor, transformer.placement().device(), tensor.dtype());
    }

    private Tensor typed(Scope scope, Tensor tensor) {
        Placement placement = transformer.placement();
        Tensor moved = Tensors.to(scope, tensor, placement.device(), placement.dtype());
        return Tensors.recordable(scope, moved);
    }

    @Override
    public void close() {
        shards.close();
        hook.close();
        inputs.close();
        dropout.close();
        optimizer.close();
    }
}
