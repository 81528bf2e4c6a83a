package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.result.SimulatedStudy.Person;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.RaterVotes;
import dev.stanstudio.web.study.stats.SignFlips;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whole studies without a better method, whose raters have tastes of their own, seldom find a
 * winner, and those with one often do. Seeds are fixed. "At most" allows three standard deviations
 * of chance beyond the 5 %.
 */
class VerdictSimulationTest {
    private static final double ALPHA = 0.05;
    private static final double[] SPREADS = {10, 2, 1};

    private static double most(int studies) {
        return ALPHA * studies + 3 * Math.sqrt(ALPHA * (1 - ALPHA) * studies);
    }

    /**
     * A study of 8 to 30 raters of 20 votes, looked at after every vote; its shares are Beta(a, b).
     *
     * @param interleaved whether raters vote in turn, and some leave for good; else one after the
     *     other
     */
    private static SimulatedStudy watched(int number, double a, double b, boolean interleaved) {
        int raters = 8 + number % 23;
        Design design = new Design(2, 30, raters, 20, 0, 0, false);
        StoppingRule stop = new StoppingRule(StoppingRule.Kind.SEQUENCE, 10_000, ALPHA);
        SimulatedStudy study = new SimulatedStudy(design, true, stop, 7919L * number + (long) a);
        List<Person> people = new ArrayList<>();
        int[] stays = new int[raters];
        for (int r = 0; r < raters; r++) {
            people.add(study.taste(study.beta(a, b), 0.1));
            stays[r] = study.random.nextInt(4) == 0 ? 1 + study.random.nextInt(19) : 20;
        }
        for (int i = 0; i < raters * 20; i++) {
            int rater = interleaved ? i % raters : i / 20;
            int position = interleaved ? i / raters : i % 20;
            if (position < stays[rater]) {
                study.answer(rater, position, people.get(rater));
            }
        }
        return study;
    }

    /** Evaluating the rows replays every look: the rule is asked after every vote. */
    @Test
    void watchingAfterEveryVoteKeepsTheError() {
        int studies = 60;
        int wrong = 0;
        for (double a : SPREADS) {
            for (boolean interleaved : new boolean[] {false, true}) {
                int ended = 0;
                int found = 0;
                for (int s = 0; s < studies; s++) {
                    ended += ends(watched(s, a, a, interleaved)) ? 1 : 0;
                    found += s < 30 && ends(watched(s, 3.5 * a, 1.5 * a, interleaved)) ? 1 : 0;
                }
                System.out.printf(
                        "stopping rule, raters' shares Beta(%.0f, %.0f), %s: no better method,"
                                + " ended in %d of %d; 70 %%: found in %d of 30%n",
                        a,
                        a,
                        interleaved ? "interleaved" : "rater by rater",
                        ended,
                        studies,
                        found);
                wrong += ended;
                assertTrue(found >= 6, "found " + found);
                assertTrue(ended <= most(studies), ended + " of " + studies);
            }
        }
        assertTrue(wrong <= most(6 * studies), wrong + " of " + 6 * studies);
    }

    /** Raters leave one by one, and why has to do with what they have just answered. */
    private enum Leaving {
        /** After the first answer for one method. */
        AFTER_A,
        /** With a probability of one fifth after each such answer. */
        OFTEN_AFTER_A,
        /** As soon as one method leads by two answers. */
        LEAD;

        boolean leaves(SimulatedStudy study, boolean forA, int lead) {
            return switch (this) {
                case AFTER_A -> forA;
                case OFTEN_AFTER_A -> forA && study.random.nextInt(5) == 0;
                case LEAD -> lead >= 2;
            };
        }
    }

    private static SimulatedStudy left(Leaving leaving, int number, double a) {
        Design design = new Design(2, 30, 40, 20, 0, 0, false);
        StoppingRule stop = new StoppingRule(StoppingRule.Kind.SEQUENCE, 10_000, ALPHA);
        SimulatedStudy study = new SimulatedStudy(design, true, stop, 104_729L * number);
        for (int r = 0; r < 40; r++) {
            Person person = study.taste(study.beta(a, a), 0.1);
            int lead = 0;
            for (int p = 0; p < 20; p++) {
                study.answer(r, p, person);
                VoteRow row = study.rows().get(study.rows().size() - 1);
                List<Integer> shown = study.plan.methodsOf(study.plan.raters().get(r).get(p));
                boolean forA = row.choice() > 0 && shown.get(row.choice() - 1) == 0;
                lead += row.choice() == 0 ? 0 : forA ? 1 : -1;
                if (leaving.leaves(study, forA, lead)) {
                    break;
                }
            }
        }
        return study;
    }

    /** Plain means of what was answered ended 45 to 98 % of such studies. */
    @Test
    void leavingBecauseOfOnesAnswersWinsNothing() {
        int studies = 60;
        for (Leaving leaving : Leaving.values()) {
            for (double a : new double[] {100, 2}) {
                int ended = 0;
                for (int s = 0; s < studies; s++) {
                    ended += ends(left(leaving, s, a)) ? 1 : 0;
                }
                System.out.printf(
                        "stopping rule, raters' shares Beta(%.0f, %.0f), leaving %s: ended in %d of"
                                + " %d%n",
                        a, a, leaving, ended, studies);
                assertTrue(ended <= ALPHA * studies, ended + " of " + studies);
            }
        }
    }

    private static boolean ends(SimulatedStudy study) {
        return study.replay(study.rows()).complete();
    }

    @Test
    void theStudyIsOverAtTheSameVoteHoweverOftenItIsAsked() {
        SimulatedStudy study = watched(8, 40, 4, false);
        boolean before = false;
        List<VoteRow> rows = study.rows();
        int ended = -1;
        for (int n = 1; n <= rows.size(); n++) {
            boolean now = study.replay(rows.subList(0, n)).complete();
            assertTrue(now || !before, "open again at " + n);
            ended = now && !before ? n : ended;
            before = now;
        }
        assertTrue(ended > 0 && ended < rows.size());
        StudyResult result = study.result();
        assertEquals(ended, result.standing().size(), "what comes later does not count");
        Headline headline = result.questions().get(0).comparisons().get(0).headline();
        assertEquals(Headline.Basis.SEQUENCE, headline.basis());
        assertTrue(headline.decided());
        assertTrue(headline.p() <= ALPHA && !headline.interval().contains(0.5));
    }

    /** Unequal numbers of votes, so that shares of votes and means of raters differ. */
    private static List<RaterVotes> raters(
            Random random, SimulatedStudy source, int n, double a, double b) {
        List<RaterVotes> raters = new ArrayList<>();
        for (int r = 0; r < n; r++) {
            double share = source.beta(a, b);
            int votes = 3 + random.nextInt(18);
            int won = 0;
            for (int v = 0; v < votes; v++) {
                won += random.nextDouble() < share ? 1 : 0;
            }
            raters.add(new RaterVotes(won, votes));
        }
        return raters;
    }

    @Test
    void theHeadlineKeepsItsErrorAndCovers() {
        SimulatedStudy source =
                new SimulatedStudy(
                        new Design(2, 1, 1, 1, 0, 0, false),
                        true,
                        new StoppingRule(StoppingRule.Kind.VOTES, 1, ALPHA),
                        11);
        for (double a : SPREADS) {
            for (int n : new int[] {8, 12, 30}) {
                // Beyond 14 raters flips are drawn, which takes longer.
                int studies = n > 14 ? 60 : 300;
                int wrong = 0;
                int missed = 0;
                int found = 0;
                for (int s = 0; s < studies; s++) {
                    wrong += verdict(raters(source.random, source, n, a, a)) ? 1 : 0;
                    SignFlips uneven =
                            new SignFlips(raters(source.random, source, n, 3.5 * a, 1.5 * a));
                    missed += uneven.interval(0.95).contains(0.7) ? 0 : 1;
                    found += uneven.p(0.5) <= ALPHA ? 1 : 0;
                }
                System.out.printf(
                        "headline, Beta(%.0f, %.0f), %d raters: error %.1f %%; at 70 %%: coverage"
                                + " %.1f %%, power %.0f %%%n",
                        a,
                        a,
                        n,
                        100.0 * wrong / studies,
                        100 - 100.0 * missed / studies,
                        100.0 * found / studies);
                assertTrue(wrong <= most(studies), wrong + " of " + studies);
                assertTrue(missed <= most(studies), "missed " + missed);
            }
        }
    }

    private static boolean verdict(List<RaterVotes> raters) {
        SignFlips flips = new SignFlips(raters);
        boolean rejected = flips.p(0.5) <= ALPHA;
        Interval interval = flips.interval(0.95);
        assertTrue(rejected || interval.contains(0.5), "an interval firmer than its test");
        return rejected && !interval.contains(0.5);
    }

    /** Two methods or ten: coin flips agree no better than chance, and the report says 0. */
    @Test
    void coinFlipsDoNotAgree() {
        for (int methods : new int[] {2, 3, 5, 10}) {
            for (boolean all : new boolean[] {false, true}) {
                Design design = new Design(methods, 40, 30, 20, 0, 0, all);
                StoppingRule stop = new StoppingRule(StoppingRule.Kind.VOTES, 10_000, ALPHA);
                SimulatedStudy study = new SimulatedStudy(design, true, stop, methods);
                Person coin = new Person((m, cell) -> study.random.nextInt(m.size() + 1));
                for (int rater = 0; rater < 30; rater++) {
                    study.answerAll(rater, coin);
                }
                List<Ballot> ballots = study.replay(study.rows()).ballots();
                RaterAgreement agreement = RaterAgreement.of(ballots);
                double alpha = agreement.krippendorff().orElseThrow();
                double kappa = agreement.fleiss().orElseThrow();
                System.out.printf("coin flips, %d methods: %.3f %.3f%n", methods, alpha, kappa);
                assertEquals(0, alpha, 0.12);
                assertTrue(agreement.fleissUnits() > 0);
                assertEquals(
                        0,
                        kappa,
                        4.0 / Math.sqrt(agreement.fleissUnits() * agreement.fleissAnswers()));
            }
        }
    }

    /** Before, everybody's votes counted where screening left nobody. */
    @Test
    void whereNobodyPassesThereIsNoVerdictAndNoEnd() {
        Design design = new Design(2, 30, 12, 20, 0, 2, false);
        for (StoppingRule.Kind kind : StoppingRule.Kind.values()) {
            SimulatedStudy study =
                    new SimulatedStudy(design, true, new StoppingRule(kind, 10_000, ALPHA), 3);
            Person careless = new Person((methods, cell) -> methods.indexOf(0) + 1, 1e-9, 3000);
            for (int rater = 0; rater < 12; rater++) {
                study.answerAll(rater, careless);
            }
            StudyResult result = study.result();
            assertTrue(result.nobodyPassed());
            assertFalse(result.complete());
            assertEquals(0, result.screened());
            assertEquals(List.of(), result.questions().get(0).comparisons());
            Comparison all = result.unscreened().get(0).comparisons().get(0);
            assertEquals(240, all.wins());
            assertFalse(all.decided());
        }
    }

    /** Whoever locks a study when its p looks well would be wrong far more often than in 5 %. */
    @Test
    void aFixedNumberOfVotesDecidesNothingBeforeItIsReached() {
        Design design = new Design(2, 30, 12, 20, 0, 0, false);
        StoppingRule stop = new StoppingRule(StoppingRule.Kind.VOTES, 200, ALPHA);
        SimulatedStudy study = new SimulatedStudy(design, true, stop, 8);
        Person fan = study.taste(1, 0);
        for (int rater = 0; rater < 9; rater++) {
            study.answerAll(rater, fan);
        }
        Headline early = study.result().questions().get(0).comparisons().get(0).headline();
        assertTrue(early.p() <= ALPHA && !early.interval().contains(0.5));
        assertFalse(early.decided());
        assertEquals(Headline.Standing.EARLY, early.standing());
        study.answerAll(9, fan);
        assertTrue(study.result().questions().get(0).comparisons().get(0).decided());
    }

    @Test
    void undoneAndLateAnswersCountAsTheyStoodInTime() {
        Design design = new Design(2, 30, 8, 4, 0, 0, false);
        StoppingRule stop = new StoppingRule(StoppingRule.Kind.VOTES, 6, ALPHA);
        SimulatedStudy study = new SimulatedStudy(design, true, stop, 5);
        study.add(0, 0, 0, 1, 3000);
        study.add(0, 0, 1, VoteRow.UNDONE, 0);
        study.add(0, 0, 0, 1, 3000); // The old ticket once more: it stays undone.
        study.add(0, 1, 0, 1, 3000);
        study.add(0, 0, 2, 2, 3000);
        for (int p = 0; p < 4; p++) {
            study.add(1, p, 0, 1, 3000);
        }
        assertTrue(study.result().complete());
        study.add(1, 3, 1, VoteRow.UNDONE, 0);
        study.add(0, 2, 0, 1, 3000);
        StudyResult result = study.result();
        assertTrue(result.complete());
        assertEquals(6, result.counted());
        assertEquals(java.util.Set.of(4L, 5L, 6L, 7L, 8L, 9L), result.votes());
    }
}
