package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.Shards;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Teaches an adapter on a frozen transformer: the transformer computes in its own type, the adapter
 * in fp32. Belongs to one training and one thread.
 */
public final class AdapterTrainer implements AutoCloseable {
    private static final double CLIP_EPSILON = 1e-6;
    static final double TIMESTEPS = 1000;

    /**
     * What a step saw.
     *
     * @param loss of the objective alone
     * @param gradientNorm global norm of the gradients before clipping
     */
    public record StepReport(double loss, double gradientNorm) {}

    private final Mmdit transformer;
    private final TrainableAdapter adapter;
    private final FlowObjective objective;
    private final AdamW.Settings settings;
    private final AdamW optimizer;
    private final Regimen regimen;
    private final Shards shards;

    /**
     * A trainer at step 0.
     *
     * @param transformer frozen, in the form that gradients can be taken through, its weights
     *     {@link FrozenWeights}
     * @param steps updates in all, for what follows a schedule
     * @param epoch updates until every picture was seen once
     * @param shards parts of a batch computed side by side
     */
    public AdapterTrainer(
            Mmdit transformer,
            TrainableAdapter adapter,
            FlowObjective objective,
            AdamW.Settings settings,
            long steps,
            long epoch,
            int shards) {
        this.transformer = transformer;
        this.adapter = adapter;
        this.objective = objective;
        this.settings = settings;
        this.optimizer = new AdamW(adapter.parameters(), settings);
        this.regimen = Regimen.of(adapter, steps, epoch);
        this.shards = new Shards(shards);
    }

    /** The optimizer, for checkpoints. */
    AdamW optimizer() {
        return optimizer;
    }

    /** What changes beside parameters and moments, for checkpoints. */
    Map<String, Tensor> state() {
        return regimen.state();
    }

    /** Numbers of the kind for the log, such as the ranks that are left. */
    public Map<String, Double> numbers() {
        return regimen.numbers();
    }

    /** Updates made so far. */
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
            regimen.before(number, local -> gradients(local, batch, null));
            List<Tensor> gradients = gradients(scope, batch, losses);
            double norm = optimizer.update(gradients, learningRate);
            double clip =
                    settings.clip() > 0 ? Math.min(1, settings.clip() / (norm + CLIP_EPSILON)) : 1;
            regimen.after(new Regimen.Update(number, gradients, clip, learningRate));
            return new StepReport(Arrays.stream(losses).average().orElse(0), norm);
        }
    }

    private List<Tensor> gradients(Scope scope, TrainingBatch batch, double @Nullable [] losses) {
        return shards.gradients(
                scope,
                adapter.parameters(),
                (local, shard) -> {
                    long rows = batch.size();
                    TrainingBatch own =
                            batch.rows(
                                    local,
                                    shards.start(shard, rows),
                                    shards.start(shard + 1, rows));
                    Tensor loss = loss(local, own);
                    if (losses != null) {
                        losses[shard] = loss.toFloats()[0];
                    }
                    Tensor more = regimen.term(local);
                    return more == null ? loss : FlowObjective.plus(local, loss, more);
                });
    }

    /**
     * The objective on {@code batch} with the adapter as it is; one number that {@code scope} owns.
     */
    Tensor loss(Scope scope, TrainingBatch batch) {
        Placement placement = transformer.placement();
        Tensor clean = placed(scope, batch.latents());
        Tensor noise = placed(scope, batch.noise());
        Tensor noisy = objective.noisy(scope, clean, noise, batch.levels());
        Mmdit.Conditioning text =
                transformer.condition(
                        scope,
                        typed(scope, batch.promptEmbeds()),
                        typed(scope, batch.pooled()),
                        batch.lastRepeats(),
                        adapter.adapters());
        double[] timesteps = Arrays.stream(batch.levels()).map(s -> TIMESTEPS * s).toArray();
        Tensor velocity =
                transformer.forward(
                        scope,
                        Tensors.to(scope, noisy, placement.device(), placement.dtype()),
                        timesteps,
                        text,
                        Set.of(),
                        block -> {});
        return objective.loss(scope, velocity, noisy, clean, noise, batch.levels());
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
        regimen.close();
        optimizer.close();
    }
}
