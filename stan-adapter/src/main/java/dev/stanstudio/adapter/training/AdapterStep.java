package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.text.CaptionEncoder;
import dev.stanstudio.training.FrozenWeights;
import dev.stanstudio.training.Optimizer;
import dev.stanstudio.training.OptimizerSettings;
import dev.stanstudio.training.ParameterRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final AdapterParameters adapter;
    private final double clip;
    private final Optimizer optimizer;
    private final TrainingHook hook;
    private final RankDropout dropout;
    private final InputDropout inputs;
    private final ShardPlaces places;
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
     * @param text how text encoders are trained too, on one device, or null
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
     * Prepares step 1 on one device.
     *
     * @param transformer frozen, in the form that gradients can be taken through, its weights
     *     {@link FrozenWeights}
     */
    AdapterStep(Mmdit transformer, AdapterParameters adapter, Settings settings) {
        this(List.of(transformer), adapter, settings);
    }

    /**
     * Prepares step 1 on several devices, the first of which is the adapter's.
     *
     * @param transformers the same frozen network on each device
     */
    AdapterStep(List<Mmdit> transformers, AdapterParameters adapter, Settings settings) {
        this.adapter = adapter;
        this.clip = settings.optimizer().clip();
        this.text = settings.text();
        this.optimizer = settings.optimizer().begin(adapter.parameters(), rules(adapter, settings));
        this.places = ShardPlaces.over(transformers, adapter.placed(), settings, this::read);
        this.dropout = new RankDropout(adapter, settings.variants().rankDropout(), settings.seed());
        this.inputs =
                new InputDropout(adapter, settings.variants().inputDropout(), settings.seed());
        this.hook = TrainingHook.of(adapter, settings.steps(), settings.epoch());
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
        double[] losses = new double[places.shards()];
        try (Scope scope = Scope.open("step")) {
            long number = optimizer.steps() + 1;
            adapter.refresh();
            List<Tensor> gradients = new ArrayList<>();
            Runnable computing =
                    () -> {
                        hook.before(number, local -> gradients(local, batch, losses));
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

    private List<Tensor> gradients(Scope scope, TrainingBatch batch, double[] losses) {
        return adapter.chained(scope, places.gradients(scope, batch, hook, losses));
    }

    /**
     * Computes the objective on {@code batch} with the adapter as it is; one number that {@code
     * scope} owns.
     */
    Tensor loss(Scope scope, TrainingBatch batch) {
        adapter.refresh();
        return places.first().loss(scope, batch);
    }

    @Override
    public void close() {
        places.close();
        hook.close();
        inputs.close();
        dropout.close();
        optimizer.close();
    }
}
