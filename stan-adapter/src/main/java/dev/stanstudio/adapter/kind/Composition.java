package dev.stanstudio.adapter.kind;

/**
 * States how the change of a weight follows from the trained tensors of a kind that enters no
 * projection by itself.
 *
 * @param rule the computation
 * @param scale c
 */
public record Composition(Rule rule, double scale) {
    /** Lists the computations; the methods are those of {@code compose.ts.py}. */
    public enum Rule {
        /** DoRA: m · (W + c·B A) / ‖W + c·B A‖ − W, of A, B and m. */
        DECOMPOSED("decomposed", true),
        /** LoHa: c · (B₁ A₁) ⊙ (B₂ A₂), of B₁, A₁, B₂ and A₂. */
        HADAMARD("hadamard", false);

        private final String method;
        private final boolean beginsAtBase;

        Rule(String method, boolean beginsAtBase) {
            this.method = method;
            this.beginsAtBase = beginsAtBase;
        }

        /** Returns the method that computes it. */
        public String method() {
            return method;
        }

        /** Returns whether its last tensor begins as the lengths of the base's rows. */
        public boolean beginsAtBase() {
            return beginsAtBase;
        }
    }
}
