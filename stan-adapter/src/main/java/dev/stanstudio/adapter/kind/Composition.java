package dev.stanstudio.adapter.kind;

import java.util.List;

/**
 * States how the change of a weight follows from the trained tensors of a kind that enters no
 * projection by itself.
 *
 * @param rule the computation
 * @param scale c
 * @param settings whole numbers that the rule needs besides
 */
public record Composition(Rule rule, double scale, List<Long> settings) {
    /** Keeps a copy of the settings. */
    public Composition {
        settings = List.copyOf(settings);
    }

    /** Makes one of a rule that needs the scale alone. */
    Composition(Rule rule, double scale) {
        this(rule, scale, List.of());
    }

    /** Returns whether the scale is a limit of the first tensor, which updates are held to. */
    public boolean limited() {
        return rule == Rule.OFT && scale > 0;
    }

    /** Lists the computations; the methods are those of {@code compose.ts.py}. */
    public enum Rule {
        /** m · (W + c·B A) / ‖W + c·B A‖ − W, of A, B and m. */
        DORA("dora", true),
        /** c · (B₁ A₁) ⊙ (B₂ A₂), of B₁, A₁, B₂ and A₂. */
        LOHA("loha", false),
        /** c · (w₁ ⊗ w₂), each a matrix or a product; the setting counts the tensors of w₁. */
        LOKR("lokr", false),
        /**
         * W Rᵀ − W, R of orthogonal blocks; the settings are their side and the terms of the series
         * in place of Cayley's inverse (0 for the inverse); c limits the blocks, 0 does not.
         */
        OFT("oft", true),
        /** s ⊙ (W R₁ … Rₘ) − W, of the R and s. */
        BOFT("boft", true);

        private final String method;
        private final boolean needsBase;

        Rule(String method, boolean needsBase) {
            this.method = method;
            this.needsBase = needsBase;
        }

        /** Returns the method that computes it. */
        public String method() {
            return method;
        }

        /** Returns whether W enters. */
        public boolean needsBase() {
            return needsBase;
        }

        /** Returns whether its last tensor begins as the lengths of the base's rows. */
        public boolean beginsAtBase() {
            return this == DORA;
        }
    }
}
