package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.source.PreferenceVote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes pairs to train on of votes. Votes on the same two pictures and prompt belong together.
 *
 * @param strength how often a pair is trained on in an epoch
 * @param ties whether ties are trained on, in both directions alike, where a decisive vote counts
 *     twice in its own
 * @param leastLead pairs with a smaller (wins − losses) / votes are dropped, 0 … 1
 */
record PreferenceRule(Strength strength, boolean ties, double leastLead) {
    /** Says how often a pair counts by its number of votes. */
    enum Strength {
        /** Each pair once, in the direction that has more votes; as many for each are a tie. */
        MAJORITY,
        /** Each vote once, in its own direction. */
        VOTES;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Strength of(String label) {
            return Arrays.stream(values())
                    .filter(strength -> strength.label().equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "--strength is %s, not '%s'"
                                                    .formatted(
                                                            Arrays.stream(values())
                                                                    .map(Strength::label)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    " or ")),
                                                            label)));
        }
    }

    /** A preferred picture and another. */
    record Pair(String prompt, Path preferred, Path other) {
        Pair turned() {
            return new Pair(prompt, /* preferred= */ other, /* other= */ preferred);
        }
    }

    /**
     * Lists the pairs that are trained on, and counts the others.
     *
     * @param pairs one for each time that it is taken in an epoch
     * @param compared how many different pairs were voted on
     * @param tied how many of them had no majority
     * @param weak how many were dropped as their lead is too small
     */
    record Chosen(List<Pair> pairs, int compared, int tied, int weak) {}

    /** Votes on two pictures, counted from the first vote's chosen one. */
    private static final class Count {
        private final Pair pair;
        private long wins;
        private long losses;
        private long ties;

        Count(Pair pair) {
            this.pair = pair;
        }

        void add(PreferenceVote vote) {
            if (vote.tie()) {
                ties += vote.count();
            } else if (vote.chosen().equals(pair.preferred())) {
                wins += vote.count();
            } else {
                losses += vote.count();
            }
        }

        double lead() {
            return Math.abs(wins - losses) / (double) (wins + losses + ties);
        }

        Pair leading() {
            return wins < losses ? pair.turned() : pair;
        }
    }

    /** Refuses a lead that is no share. */
    PreferenceRule {
        if (!(leastLead >= 0 && leastLead <= 1)) {
            throw new ArgumentException("--least-lead must be 0 … 1, not " + leastLead);
        }
    }

    /** Returns the pairs in the order of their first votes. */
    Chosen of(List<PreferenceVote> votes) {
        Collection<Count> counts = counts(votes);
        List<Pair> pairs = new ArrayList<>();
        int tied = 0;
        int weak = 0;
        for (Count count : counts) {
            boolean tie = count.wins == count.losses;
            tied += tie ? 1 : 0;
            if (!tie && count.lead() < leastLead) {
                weak++;
            } else if (strength == Strength.MAJORITY) {
                add(pairs, count.leading(), tie ? 0 : 1, tie ? 1 : 0);
            } else {
                add(pairs, count.pair, count.wins, count.ties);
                add(pairs, count.pair.turned(), count.losses, 0);
            }
        }
        return new Chosen(pairs, counts.size(), tied, weak);
    }

    private static Collection<Count> counts(List<PreferenceVote> votes) {
        Map<Pair, Count> counts = new LinkedHashMap<>();
        for (PreferenceVote vote : votes) {
            Pair pair = new Pair(vote.prompt(), vote.chosen(), vote.rejected());
            Count known = counts.get(pair.turned());
            (known == null ? counts.computeIfAbsent(pair, Count::new) : known).add(vote);
        }
        return counts.values();
    }

    /** A tie in both directions outweighs a decisive vote unless that comes twice. */
    private void add(List<Pair> pairs, Pair pair, long decisive, long tied) {
        for (long i = 0; i < (ties ? 2 * decisive : decisive); i++) {
            pairs.add(pair);
        }
        for (long i = 0; ties && i < tied; i++) {
            pairs.add(pair);
            pairs.add(pair.turned());
        }
    }

    /** Returns the rule for identities and records. */
    String described() {
        return "%s, ties %s, least lead %s"
                .formatted(strength.label(), ties ? "in both directions" : "dropped", leastLead);
    }
}
