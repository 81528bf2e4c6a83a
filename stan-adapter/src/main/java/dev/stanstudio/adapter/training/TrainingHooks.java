package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.HookFactory;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.SparseMask;

/**
 * Makes the hooks of one training.
 *
 * @param steps updates in all
 * @param epoch updates until every picture was seen once
 */
record TrainingHooks(AdapterParameters adapter, long steps, long epoch)
        implements HookFactory<TrainingHook> {
    private static final TrainingHook NONE = new TrainingHook() {};

    @Override
    public TrainingHook noHook() {
        return NONE;
    }

    @Override
    public TrainingHook budgetAllocation(AdaLora kind) {
        return new BudgetAllocation(adapter, kind, steps);
    }

    @Override
    public TrainingHook gateShrinking(String gate, double penalty, double shrink) {
        return new GateShrinking(adapter, gate, penalty, shrink);
    }

    @Override
    public TrainingHook maskSelection(SparseMask kind) {
        return new MaskSelection(adapter, kind, epoch);
    }

    @Override
    public TrainingHook featureRevival(Revival revival) {
        return new FeatureRevival(adapter, revival);
    }

    @Override
    public TrainingHook featureUse(String decoder) {
        return new FeatureUse(adapter, decoder);
    }
}
