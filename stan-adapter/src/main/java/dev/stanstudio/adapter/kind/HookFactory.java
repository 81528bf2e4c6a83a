package dev.stanstudio.adapter.kind;

/**
 * Makes the mechanisms by which kinds train beside descending the gradient, one method for each. A
 * kind names its mechanism in {@link AdapterKind#hook}.
 *
 * @param <H> the mechanism in a training
 */
public interface HookFactory<H> {
    /** Makes the hook that does nothing. */
    H noHook();

    /** Makes the budget that sets the least important ranks to zero. */
    H budgetAllocation(AdaLora kind);

    /**
     * Makes the term of the loss and the proximal step that pull gates to zero.
     *
     * @param gate tensor name of the gates
     * @param penalty λ, the weight of their mean absolute value in the loss
     * @param shrink λ₂, how far each update moves every gate towards zero
     */
    H gateShrinking(String gate, double penalty, double shrink);

    /** Makes the selection of the numbers that are trained. */
    H maskSelection(SparseMask kind);

    /**
     * Makes the count of updates since each feature was active, and the revival of dead features.
     */
    H featureRevival(Revival revival);

    /**
     * Makes the count of features that are active for no token.
     *
     * @param decoder tensor name of D
     */
    H featureUse(String decoder);
}
