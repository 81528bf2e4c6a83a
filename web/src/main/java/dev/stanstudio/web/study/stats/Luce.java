package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Luce's choice rule (1959) for picks among several: of those shown, i is picked with probability
 * exp(t_i) / Σ exp(t_j), optionally with an effect of the slot it stood in. A ranking is a row of
 * picks from what is left (Plackett, 1975). Not thread-safe.
 */
public final class Luce {
    private final int contestants;
    private final List<Pick> picks = new ArrayList<>();
    private int slots;

    private record Pick(List<Integer> shown, int picked, double weight) {}

    /** No picks among {@code contestants}. */
    public Luce(int contestants) {
        this.contestants = contestants;
    }

    /**
     * Counts a pick.
     *
     * @param shown the contestants in the order of their slots
     * @param picked which of the contestants was picked
     */
    public Luce pick(List<Integer> shown, int picked, double weight) {
        if (!shown.contains(picked)) {
            throw new IllegalArgumentException(picked + " was not shown");
        }
        picks.add(new Pick(List.copyOf(shown), picked, weight));
        slots = Math.max(slots, shown.size());
        return this;
    }

    /** Counts a ranking, best first. */
    public Luce ranking(List<Integer> order, double weight) {
        for (int i = 0; i + 1 < order.size(); i++) {
            picks.add(new Pick(List.copyOf(order.subList(i, order.size())), order.get(i), weight));
        }
        return this;
    }

    /** The maximum of the likelihood; empty where it lies at infinity or is not unique. */
    public Optional<Strengths> fit(boolean slotEffects) {
        return connected()
                ? Optional.of(Strengths.of(model(slotEffects, 0).fit(), contestants))
                : Optional.empty();
    }

    /** The maximum of the likelihood less {@code alpha} Σ t². */
    public Strengths ridge(boolean slotEffects, double alpha) {
        return Strengths.of(model(slotEffects, alpha).fit(), contestants);
    }

    private boolean connected() {
        boolean[][] reach = new boolean[contestants][contestants];
        for (int i = 0; i < contestants; i++) {
            reach[i][i] = true;
        }
        for (Pick pick : picks) {
            for (int other : pick.shown()) {
                reach[pick.picked()][other] |= pick.weight() > 0;
            }
        }
        return contestants > 1 && Reachability.complete(reach);
    }

    private ChoiceModel model(boolean slotEffects, double alpha) {
        int dimension = contestants + (slotEffects ? Math.max(0, slots - 1) : 0);
        ChoiceModel model = new ChoiceModel(dimension, contestants, alpha);
        for (Pick pick : picks) {
            double[][] alternatives = new double[pick.shown().size()][dimension];
            for (int slot = 0; slot < alternatives.length; slot++) {
                alternatives[slot][pick.shown().get(slot)] = 1;
                if (slotEffects && slot > 0) {
                    alternatives[slot][contestants + slot - 1] = 1;
                }
            }
            model.add(alternatives, pick.shown().indexOf(pick.picked()), pick.weight());
        }
        return model;
    }
}
