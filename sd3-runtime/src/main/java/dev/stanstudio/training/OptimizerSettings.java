package dev.stanstudio.training;

/** Settings of an optimizer; {@code toString} tells all of them. Immutable. */
public sealed interface OptimizerSettings permits AdamW.Settings, OptimizerRule {
    /** Returns the name on the command line. */
    String label();

    /** Returns the largest global norm of the gradients; 0 does not clip. */
    double clip();

    /** Returns whether parameters may differ in their learning rates. */
    default boolean takesRates() {
        return true;
    }

    /** Returns whether it averages the weights itself, without a schedule of rates. */
    default boolean averages() {
        return false;
    }

    /** Returns the bytes that it remembers of a parameter of {@code shape}. */
    long stateBytes(long[] shape);

    /** Makes an optimizer before its first update. */
    Optimizer begin(ParameterSet parameters, ParameterRules rules);
}
