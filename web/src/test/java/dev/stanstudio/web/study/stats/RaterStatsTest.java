package dev.stanstudio.web.study.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Statistics whose unit is the rater, beside the values of scipy 1.17 and statsmodels 0.15. */
class RaterStatsTest {
    private static final int[] WON = {14, 9, 16, 11, 8, 13, 17, 10};
    private static final int[] VOTES = {18, 15, 17, 20, 11, 19, 20, 12};

    private static List<RaterVotes> raters(int count) {
        List<RaterVotes> raters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            raters.add(new RaterVotes(WON[i], VOTES[i]));
        }
        return raters;
    }

    /** scipy.stats.permutation_test(permutation_type="samples") of won − s · votes. */
    @Test
    void signFlipsAreThoseOfScipy() {
        SignFlips flips = new SignFlips(raters(8));
        assertEquals(0.0078125, flips.p(0.5), 1e-12);
        assertEquals(0.03125, flips.p(0.6), 1e-12);
        assertEquals(98 / 132.0, flips.share(), 1e-12);
        // Where its p crosses 5 %, by bisection.
        assertEquals(0.6129032258, flips.interval(0.95).low(), 1e-9);
        assertEquals(0.8571428571, flips.interval(0.95).high(), 1e-9);
    }

    @Test
    void tooFewRatersGiveNoInterval() {
        for (int n = 0; n < SignFlips.LEAST; n++) {
            SignFlips few = new SignFlips(Collections.nCopies(n, new RaterVotes(50, 50)));
            assertFalse(few.interval(0.95).known(), n + " raters");
            assertTrue(few.p(0.5) > 0.05, n + " raters");
        }
        SignFlips enough = new SignFlips(Collections.nCopies(6, new RaterVotes(50, 50)));
        assertEquals(2 / 64.0, enough.p(0.5), 1e-12);
        // All alike: nothing is known of how raters differ, so six say no more than six votes.
        assertEquals(Proportions.wilson(6, 6, 0.95), enough.interval(0.95));
    }

    /** Drawn flips come near to all of them, and are the same every time. */
    @Test
    void manyRatersAreDrawn() {
        List<RaterVotes> many = new ArrayList<>(raters(8));
        many.addAll(raters(8));
        SignFlips drawn = new SignFlips(many);
        assertEquals(drawn.p(0.65), new SignFlips(many).p(0.65));
        double exact = 0;
        double observed = 0;
        for (RaterVotes r : many) {
            observed += r.won() - 0.65 * r.votes();
        }
        for (int flip = 0; flip < 1 << 16; flip++) {
            double sum = 0;
            for (int r = 0; r < 16; r++) {
                double d = many.get(r).won() - 0.65 * many.get(r).votes();
                sum += (flip >> r & 1) == 1 ? d : -d;
            }
            exact += Math.abs(sum) >= Math.abs(observed) - 1e-9 ? 1.0 / (1 << 16) : 0;
        }
        assertEquals(exact, drawn.p(0.65), 4 * Math.sqrt(exact * (1 - exact) / 10_000));
    }

    /** A direct computation in numpy, the ends by scipy.optimize.brentq. */
    @Test
    void theSequenceIsTheHedgedCapital() {
        BettingSequence sequence =
                BettingSequence.of(
                        0.05,
                        DoubleStream.of(0.8, 0.65, 0.9, 0.7, 0.55, 0.95, 0.75, 0.6, 0.85, 0.8)
                                .mapToObj(mean -> new RaterScore(mean, 1))
                                .toList());
        assertEquals(0.134233863865418, sequence.p(), 1e-9);
        assertEquals(0.44401264521610306, sequence.interval().low(), 1e-9);
        assertEquals(0.8733406839433655, sequence.interval().high(), 1e-9);
        assertFalse(sequence.decided());
        assertEquals(Interval.SHARE, new BettingSequence(0.05).interval());
    }

    /** As above: bets on raters who left early win no more than they answered. */
    @Test
    void ratersWhoLeaveEarlyAreBetOnCarefully() {
        double[] means = {0.9, 1, 0.2, 0.8, 1, 0.75, 0.9, 0.6, 1, 1};
        double[] answered = {0.5, 0.1, 0.25, 1, 1, 0.4, 1, 0.5, 0.05, 1};
        BettingSequence sequence = new BettingSequence(0.05);
        for (int r = 0; r < means.length; r++) {
            sequence.add(new RaterScore(means[r], answered[r]));
        }
        assertEquals(0.4251782967737746, sequence.p(), 1e-9);
        assertEquals(0.340691289296923, sequence.interval().low(), 1e-9);
        assertEquals(0.9756572467633636, sequence.interval().high(), 1e-9);
        assertEquals(0.815, sequence.mean(), 1e-12);
    }

    @Test
    void oneRaterDecidesNothingAndManyDo() {
        BettingSequence sequence = new BettingSequence(0.05);
        int raters = 0;
        while (!sequence.decided()) {
            assertTrue(sequence.interval().contains(0.5));
            sequence.add(1);
            raters++;
        }
        assertTrue(raters >= 6 && raters <= 10, raters + " raters");
        assertFalse(sequence.interval().contains(0.5));
        // Once ruled out, ruled out.
        Collections.nCopies(30, 0.5).forEach(sequence::add);
        assertTrue(sequence.decided());
        assertFalse(sequence.interval().contains(0.5));
    }

    /** statsmodels' TTestPower with the effect of the model. */
    @Test
    void powerOverRaters() {
        powers(new RaterPower(0.65, 20, 0.2), 22, 0.2495560212, 0.5272371457, 0.8684191382);
        powers(
                new RaterPower(0.6, 30, RaterPower.ofBeta(10)),
                17,
                0.303226516,
                0.62841600746,
                0.9350473970);
        powers(
                new RaterPower(0.7, 10, RaterPower.ofBeta(1)),
                19,
                0.2802024758,
                0.5868344031,
                0.9113854456);
    }

    /** The numbers of the search one by one, which took minutes for small effects. */
    @Test
    void smallEffectsArePlannedAtOnce() {
        assertEquals(19_765, Power.votesFromWhichOn(0.51, 0.05, 0.8));
        assertEquals(4_710, new RaterPower(0.51, 20, 0.2).raters(0.05, 0.8));
        assertEquals(RaterPower.MOST, new RaterPower(0.5001, 1, 0.2).raters(0.05, 0.8));
        for (double share : new double[] {0.55, 0.6, 0.65, 0.9}) {
            int from = Power.votesFromWhichOn(share, 0.05, 0.8);
            assertTrue(from == 1 || Power.exact(from - 1, share, 0.05) < 0.8, "at " + from);
            for (int n = from; n < from + 100; n++) {
                assertTrue(Power.exact(n, share, 0.05) >= 0.8, share + " at " + n);
            }
            RaterPower plan = new RaterPower(share, 5, 0.2);
            int raters = plan.raters(0.05, 0.8);
            assertTrue(plan.power(raters, 0.05) >= 0.8);
            assertTrue(raters == SignFlips.LEAST || plan.power(raters - 1, 0.05) < 0.8);
        }
    }

    private static void powers(
            RaterPower plan, int needed, double six, double twelve, double many) {
        assertEquals(six, plan.power(6, 0.05), 1e-6);
        assertEquals(twelve, plan.power(12, 0.05), 1e-6);
        assertEquals(many, plan.power(25, 0.05), 1e-6);
        assertEquals(needed, plan.raters(0.05, 0.8));
    }

    /** Raters with shares of Beta(2.6, 1.4): mean 65 %, correlation 1/5, 20 votes each. */
    @Test
    void thePowerIsReachedInSimulatedStudies() {
        Random random = new Random(4);
        RaterPower plan = new RaterPower(0.65, 20, 0.2);
        int studies = 300;
        int found = 0;
        for (int s = 0; s < studies; s++) {
            List<RaterVotes> raters = new ArrayList<>();
            for (int r = 0; r < 14; r++) {
                double share = beta(random, 2.6, 1.4);
                int won = 0;
                for (int v = 0; v < 20; v++) {
                    won += random.nextDouble() < share ? 1 : 0;
                }
                raters.add(new RaterVotes(won, 20));
            }
            found += new SignFlips(raters).p(0.5) <= 0.05 ? 1 : 0;
        }
        double told = plan.power(14, 0.05);
        System.out.printf(
                "power of 14 raters with 20 votes: calculated %.3f, simulated %.3f%n",
                told, (double) found / studies);
        // Three standard deviations of 300 studies, and what sign flips differ from t.
        assertEquals(told, (double) found / studies, 0.11);
    }

    private static double beta(Random random, double a, double b) {
        while (true) { // Jöhnk (1964).
            double x = Math.pow(random.nextDouble(), 1 / a);
            double y = Math.pow(random.nextDouble(), 1 / b);
            if (x + y <= 1) {
                return x / (x + y);
            }
        }
    }

    /** statsmodels' cov_cluster_2groups without corrections, times G / (G − 1) for each part. */
    @Test
    void twoWayClusters() {
        List<TwoWayClusters.Vote> votes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 5; j++) {
                votes.add(new TwoWayClusters.Vote(i, j, (i * 7 + j * 3 + i * j) % 4 > 0 ? 1 : 0));
            }
        }
        Interval interval = TwoWayClusters.interval(votes, 0.95);
        assertEquals(0.665636086754686, interval.low(), 1e-9);
        assertEquals(1, interval.high());
    }

    /** The tail is what every possible answer of the rater, with its chance, sums up to. */
    /** Eight comparisons of which four are answered for each method, all against the others. */
    @Test
    void theOutlierTestPutsAnswersInOtherOrders() {
        List<OutlierTest.Answer> against = new ArrayList<>();
        List<OutlierTest.Answer> taste = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean first = i < 4;
            List<Integer> counts = first ? List.of(1, 9, 1) : List.of(9, 1, 1);
            against.add(new OutlierTest.Answer(List.of(0, 1), first ? 0 : 1, counts));
            taste.add(new OutlierTest.Answer(List.of(0, 1), 2, counts));
        }
        // One of the 70 ways to place four answers among eight is as bad.
        double p = OutlierTest.p(against, 1e-4);
        assertEquals(1 / 70.0, p, 4 / 70.0 / Math.sqrt(50));
        assertEquals(1, OutlierTest.p(taste, 1e-4), "always the same answer tells nothing");
        assertEquals(1, OutlierTest.p(List.of(), 1e-4));
        // Ten of them: one in 252 ways.
        List<OutlierTest.Answer> more = new ArrayList<>(against);
        more.add(new OutlierTest.Answer(List.of(0, 1), 0, List.of(1, 9, 1)));
        more.add(new OutlierTest.Answer(List.of(0, 1), 1, List.of(9, 1, 1)));
        assertTrue(OutlierTest.p(more, 0.01) < 0.01);
        // Of other methods nothing is put in the place of anything.
        more.clear();
        for (int i = 0; i < 8; i++) {
            more.add(new OutlierTest.Answer(List.of(0, i + 1), 0, List.of(1, 9, 1)));
        }
        assertEquals(1, OutlierTest.p(more, 1e-4));
    }

    @Test
    void fragilityCountsRaters() {
        Fragility carried =
                Fragility.of(98, 34, raters(8), left -> new SignFlips(left).p(0.5) <= 0.05);
        assertTrue(carried.ratersUntilOpen() > 0 && carried.ratersUntilOpen() <= 3);
        assertEquals(33, carried.changedUntilReversed());
        assertEquals(65, carried.removedUntilReversed());
        assertEquals(0, Fragility.of(98, 34, raters(8), left -> false).ratersUntilOpen());
    }
}
