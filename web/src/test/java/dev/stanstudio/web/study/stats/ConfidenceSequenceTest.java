package dev.stanstudio.web.study.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfidenceSequenceTest {
    private static final double ALPHA = 0.05;

    /** Looking after every vote of 1,500 and stopping at the first verdict, 4,000 times over. */
    @Test
    void peekingAfterEveryVoteKeepsTheError() {
        SplittableRandom random = new SplittableRandom(20260101);
        int studies = 4000;
        int[] deciding = leads((w, n) -> ConfidenceSequence.decided(w, (long) n - w, ALPHA));
        int[] byWilson = leads((w, n) -> !Proportions.wilson(w, n, 0.95).contains(0.5));
        int wrong = 0;
        int wrongByWilson = 0;
        for (int study = 0; study < studies; study++) {
            long wins = 0;
            boolean decided = false;
            boolean wilson = false;
            for (int votes = 1; votes <= 1500; votes++) {
                wins += random.nextBoolean() ? 1 : 0;
                long lead = Math.max(wins, votes - wins);
                decided |= lead >= deciding[votes];
                wilson |= votes >= 10 && lead >= byWilson[votes];
            }
            wrong += decided ? 1 : 0;
            wrongByWilson += wilson ? 1 : 0;
        }
        System.out.printf(
                "peeking at an even race: the sequence errs in %.2f %%, Wilson's interval in"
                        + " %.1f %%%n",
                100.0 * wrong / studies, 100.0 * wrongByWilson / studies);
        assertTrue(wrong <= ALPHA * studies, wrong + " of " + studies);
        assertTrue(wrong > 0, "a sequence that never errs is no test of this one");
        assertTrue(
                wrongByWilson > 4 * ALPHA * studies, "peeking at Wilson's interval is harmless?");
    }

    /** For each number of votes, the smallest lead that {@code decided} accepts. */
    private static int[] leads(java.util.function.BiPredicate<Integer, Integer> decided) {
        int[] leads = new int[1501];
        for (int n = 1; n <= 1500; n++) {
            int lead = Math.max(leads[n - 1], (n + 1) / 2);
            while (lead <= n && !decided.test(lead, n)) {
                lead++;
            }
            leads[n] = lead;
        }
        return leads;
    }

    @Test
    void intervalAndDecisionAgree() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            long wins = random.nextInt(200);
            long losses = random.nextInt(200);
            Interval interval = ConfidenceSequence.interval(wins, losses, ALPHA);
            assertEquals(
                    ConfidenceSequence.decided(wins, losses, ALPHA),
                    !interval.contains(0.5),
                    wins + ":" + losses);
            if (wins + losses > 0) {
                assertTrue(interval.contains((double) wins / (wins + losses)));
            }
        }
    }

    @Test
    void aClearRaceIsDecidedEarly() {
        assertTrue(ConfidenceSequence.decided(20, 2, ALPHA));
        assertFalse(ConfidenceSequence.decided(3, 0, ALPHA));
        assertEquals(Interval.SHARE, ConfidenceSequence.interval(0, 0, ALPHA));
    }

    @Test
    void fragilityCountsWhatAVerdictHangsOn() {
        Fragility paper = Fragility.of(456, 39, 0.95);
        assertEquals(209, paper.changedUntilReversed());
        assertEquals(418, paper.removedUntilReversed());
        long open = paper.changedUntilOpen();
        assertFalse(Proportions.wilson(456 - open + 1, 495, 0.95).contains(0.5));
        assertTrue(Proportions.wilson(456 - open, 495, 0.95).contains(0.5));
        assertEquals(0, Fragility.of(10, 9, 0.95).changedUntilOpen());
        assertEquals(new Fragility(0, 1, 1), Fragility.of(5, 5, 0.95));
    }

    @Test
    void aRaterAgainstEveryoneIsFlagged() {
        assertTrue(OutlierTest.flags(java.util.Collections.nCopies(8, 0.1)));
        assertFalse(OutlierTest.flags(java.util.Collections.nCopies(100, 0.8)));
        assertFalse(OutlierTest.flags(java.util.Collections.nCopies(4, 0.01)));
    }
}
