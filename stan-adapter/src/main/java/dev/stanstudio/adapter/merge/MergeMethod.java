package dev.stanstudio.adapter.merge;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A rule by which the changes τᵢ = wᵢ·ΔWᵢ of N experts become one: W = W₀ + λ·τ.
 *
 * @param rule τ
 * @param scale λ
 * @param density share of each τᵢ that {@link Rule#TIES} keeps, above 0 … 1
 */
public record MergeMethod(Rule rule, double scale, double density) {
    /** The sum with λ = 1: what the adapters do when they are applied together. */
    public static final MergeMethod SUM = new MergeMethod(Rule.TASK_ARITHMETIC, 1, 0.2);

    /** τ of a weight. */
    public enum Rule {
        /** Σ τᵢ (Ilharco et al. 2023, "Editing Models with Task Arithmetic", §4). */
        TASK_ARITHMETIC("task-arithmetic"),
        /** Σ τᵢ / N. */
        MEAN("mean"),
        /**
         * Σ τᵢ / F with F, number by number, how many experts change it, at least 1 (Arnob et al.
         * 2025, "Exploring Sparse Adapters for Scalable Merging").
         */
        OVERLAP_MEAN("overlap-mean"),
        /**
         * Trim every τᵢ to its largest magnitudes, elect the sign of their sum, and average those
         * that have it (Yadav et al. 2023, "TIES-Merging", algorithm 1). Trimmed weight by weight,
         * so that the memory of one is enough; the authors trim over all weights at once.
         */
        TIES("ties");

        private final String label;

        Rule(String label) {
            this.label = label;
        }

        /** The name on the command line. */
        public String label() {
            return label;
        }

        /**
         * The rule called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Rule of(String label) {
            return Arrays.stream(values())
                    .filter(rule -> rule.label.equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "no way of merging is called '%s'; use %s"
                                                    .formatted(
                                                            label,
                                                            Arrays.stream(values())
                                                                    .map(Rule::label)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", ")))));
        }
    }

    /** Refuses numbers that cannot work. */
    public MergeMethod {
        if (!Double.isFinite(scale)) {
            throw new ArgumentException("the scale must be a number, not " + scale);
        }
        if (!(density > 0 && density <= 1)) {
            throw new ArgumentException("the density must be above 0 … 1, not " + density);
        }
    }
}
