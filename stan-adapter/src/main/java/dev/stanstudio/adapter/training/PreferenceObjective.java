package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Losses on pairs of pictures with one noise and one level. With m the mean of (v − (ε − z))² over
 * a picture, w the preferred picture, l the other and r the network without adapter, h is ½((m_l −
 * m_w) − (r_l − r_w)). Rows 2i and 2i + 1 of a batch are the pictures of pair i, the preferred
 * first; levels are weighed alike.
 *
 * @param form of the loss
 * @param beta how far the adapter may leave the network without adapter: the larger, the nearer
 * @param margin that the preferred picture shall lead by; of {@link Form#SIMPO} alone
 */
public record PreferenceObjective(Form form, double beta, double margin) implements Objective {
    /** The default of Wallace et al. 2024 for means over pictures. */
    public static final double BETA = 2000;

    private static final int SIGMOID = 0;
    private static final int SQUARE = 1;

    /** The forms of the loss. */
    public enum Form {
        /** −log σ(βh) (Wallace et al. 2024; Liu et al. 2025, Flow-DPO, with a constant β). */
        DPO("dpo", true) {
            @Override
            Tensor loss(Scope scope, Pairs pairs, PreferenceObjective settings) {
                return pairs.loss(scope, pairs.leadOverReference(scope), SIGMOID, settings, 0);
            }
        },
        /** (βh − ½)²: β² times (h − 1/(2β))² (Azar et al. 2024). */
        IPO("ipo", true) {
            @Override
            Tensor loss(Scope scope, Pairs pairs, PreferenceObjective settings) {
                return pairs.loss(scope, pairs.leadOverReference(scope), SQUARE, settings, 0);
            }
        },
        /** −log σ(β·½(m_l − m_w) − γ), without reference (after Meng et al. 2024). */
        SIMPO("simpo", false) {
            @Override
            Tensor loss(Scope scope, Pairs pairs, PreferenceObjective settings) {
                return pairs.loss(scope, pairs.lead(scope), SIGMOID, settings, settings.margin);
            }
        },
        /** m_w: an ordinary training on the preferred pictures, to compare with. */
        WINNER("winner", false) {
            @Override
            Tensor loss(Scope scope, Pairs pairs, PreferenceObjective settings) {
                return Holder.PROGRAM.call(scope, "winner_loss", pairs.errors(scope));
            }
        };

        private final String label;
        private final boolean compares;

        Form(String label, boolean compares) {
            this.label = label;
            this.compares = compares;
        }

        /** Returns its name in options. */
        public String label() {
            return label;
        }

        abstract Tensor loss(Scope scope, Pairs pairs, PreferenceObjective settings);

        /**
         * Returns the form called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Form of(String label) {
            return Arrays.stream(values())
                    .filter(form -> form.label.equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "no objective is called '%s'; use %s"
                                                    .formatted(label, labels())));
        }

        private static String labels() {
            return Arrays.stream(values()).map(Form::label).collect(Collectors.joining(", "));
        }
    }

    /** Computes leads and losses of the answers on a batch of pairs. */
    private record Pairs(Answer answer) {
        Tensor errors(Scope scope) {
            return errors(scope, answer.velocity());
        }

        private Tensor errors(Scope scope, Tensor velocity) {
            return Holder.PROGRAM.call(scope, "errors", velocity, answer.clean(), answer.noise());
        }

        Tensor lead(Scope scope) {
            return Holder.PROGRAM.call(scope, "lead", errors(scope));
        }

        Tensor leadOverReference(Scope scope) {
            Tensor reference = Objects.requireNonNull(answer.reference(), "asked for");
            return Holder.PROGRAM.call(scope, "lead_over", errors(scope), errors(scope, reference));
        }

        Tensor loss(
                Scope scope, Tensor lead, int code, PreferenceObjective settings, double margin) {
            return Holder.PROGRAM.call(scope, "pair_loss", lead, code, settings.beta, margin);
        }
    }

    private static final class Holder {
        static final Program PROGRAM = Program.load(PreferenceObjective.class, "preference.ts.py");
    }

    /** Refuses a β that is not positive, and a margin below 0. */
    public PreferenceObjective {
        if (!(beta > 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new ArgumentException("--beta must be greater than 0, not " + beta);
        }
        if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
            throw new ArgumentException("--margin must be at least 0, not " + margin);
        }
    }

    @Override
    public boolean needsReference() {
        return form.compares;
    }

    @Override
    public Tensor loss(Scope scope, Answer answer, double[] sigmas) {
        return form.loss(scope, new Pairs(answer), this);
    }
}
