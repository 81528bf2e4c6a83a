package dev.stanstudio.pretrain;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.Averages;
import dev.stanstudio.training.ParameterSet;
import dev.stanstudio.training.Shards;
import dev.stanstudio.training.Trainee;
import dev.stanstudio.training.TrainingState;
import java.nio.file.Path;
import java.util.Map;

/**
 * Trains a built-in model from nothing: owns parameters, optimizer, averages and shards, and saves
 * and resumes them. Each step follows from the settings and its number, so that a resumed training
 * computes what an unbroken one would. Belongs to one thread.
 */
public abstract class Pretraining implements Trainee {
    /**
     * Settings that every training has.
     *
     * @param identity text of all settings that decide the result; a checkpoint of another one is
     *     refused
     * @param steps updates in all
     * @param decay of the averaged weights
     * @param shards parts of a batch computed side by side
     */
    public record Plan(
            String identity, long steps, AdamW.Settings adam, double decay, int shards) {}

    private final Plan plan;
    private final Scope scope;
    private final ParameterSet parameters;
    private final AdamW optimizer;
    private final Averages averages;
    private final Shards shards;
    private final TrainingState state;

    /** Begins a training of {@code parameters}, which it closes at its end. */
    protected Pretraining(Plan plan, ParameterSet parameters) {
        this(plan, parameters, Scope.open("pretraining"), Map.of());
    }

    /**
     * Begins a training of {@code parameters}, which it closes at its end.
     *
     * @param scope owns further tensors of the training; it is closed at the end, too
     * @param extras fp32 tensors that the training changes in place, by name; they are saved
     */
    protected Pretraining(
            Plan plan, ParameterSet parameters, Scope scope, Map<String, Tensor> extras) {
        this.plan = plan;
        this.scope = scope;
        this.parameters = scope.own(parameters);
        optimizer = scope.own(new AdamW(parameters, plan.adam()));
        averages = scope.own(new Averages(parameters, plan.decay()));
        shards = scope.own(new Shards(plan.shards()));
        state = new TrainingState(parameters, optimizer, averages, extras);
    }

    /** Returns the trained weights. */
    protected final ParameterSet parameters() {
        return parameters;
    }

    /** Returns the optimizer, which counts the steps. */
    protected final AdamW optimizer() {
        return optimizer;
    }

    /** Returns the averages of the weights. */
    protected final Averages averages() {
        return averages;
    }

    /** Returns the threads that compute the parts of a batch. */
    protected final Shards shards() {
        return shards;
    }

    /** Makes this training the owner of {@code resource}, which is closed before the weights. */
    protected final <T extends AutoCloseable> T own(T resource) {
        return scope.own(resource);
    }

    @Override
    public final void resume(Path checkpoint) {
        state.load(checkpoint, plan.identity());
    }

    @Override
    public final void save(Path checkpoint) {
        state.save(checkpoint, plan.identity(), Map.of());
    }

    @Override
    public final long steps() {
        return optimizer.steps();
    }

    @Override
    public final long plannedSteps() {
        return plan.steps();
    }

    /** Closes all parts, the newest first; afterwards throws the first failure, if any. */
    @Override
    public final void close() {
        scope.close();
    }
}
