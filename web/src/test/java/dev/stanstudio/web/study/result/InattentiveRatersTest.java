package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.result.SimulatedStudy.Person;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Raters who fail a rule about their own answers bring no study of a fixed number nearer. */
class InattentiveRatersTest {
    private static final double ALPHA = 0.05;
    private static final Design TWENTY = new Design(2, 30, 24, 20, 2, 4, false);

    private static StoppingRule votes(int number) {
        return new StoppingRule(StoppingRule.Kind.VOTES, number, ALPHA);
    }

    /** Somebody who always takes one method and looks at no check. */
    private static Person careless(int method) {
        return new Person((methods, cell) -> methods.indexOf(method) + 1, 1e-9, 3000);
    }

    @Test
    void votesOfWhoeverFailsChecksEndNothing() {
        SimulatedStudy study = new SimulatedStudy(TWENTY, true, votes(200), 21);
        for (int rater = 0; rater < 12; rater++) {
            study.answerAll(rater, careless(0));
        }
        StudyResult none = study.result();
        assertFalse(none.complete());
        assertTrue(none.nobodyPassed());
        assertEquals(240, none.counted());
        assertEquals(0, none.towards());
        Person honest = study.taste(1, 0);
        Person sure = new Person(honest.model(), 1, 3000);
        for (int rater = 12; rater < 22; rater++) {
            assertFalse(study.result().complete(), "after " + rater);
            study.answerAll(rater, sure);
        }
        StudyResult all = study.result();
        assertTrue(all.complete());
        assertEquals(200, all.towards());
        assertEquals(200, all.screened());
        assertTrue(all.questions().get(0).comparisons().get(0).decided());
    }

    /** Reports that were frozen before keep the end that they had. */
    @Test
    void everybodysVotesEndWhatWasFrozenBefore() {
        SimulatedStudy study = new SimulatedStudy(TWENTY, true, votes(200), 21);
        for (int rater = 0; rater < 12; rater++) {
            study.answerAll(rater, careless(0));
        }
        StudyResult before =
                Evaluation.of(
                        study.plan, study.plan.methods(), false, study.rows(), Counting.EVERYBODY);
        assertTrue(before.complete());
        assertEquals(200, before.towards());
    }

    /** A study ends at one row, is over from there on, and never before so many rows as it says. */
    @Test
    void theEndStaysAndIsNeverNearerThanSaid() {
        for (int seed = 0; seed < 8; seed++) {
            SimulatedStudy study = mixed(seed, 0.5, 150);
            List<VoteRow> rows = study.rows();
            List<StoppingState> states = new ArrayList<>();
            for (int n = 0; n <= rows.size(); n++) {
                List<VoteRow> some = rows.subList(0, n);
                states.add(
                        Replay.of(
                                        study.plan,
                                        some,
                                        RaterGroups.of(study.plan, some),
                                        Counting.PASSING)
                                .state());
            }
            int end = 0;
            while (end < rows.size() && !states.get(end).complete()) {
                end++;
            }
            assertTrue(end < rows.size(), "never complete");
            for (int n = 0; n <= rows.size(); n++) {
                assertEquals(n >= end, states.get(n).complete(), "at " + n);
                assertTrue(n >= end || n + states.get(n).missing() <= end, "missing at " + n);
            }
            assertEquals(1, states.get(end).missing());
            System.out.printf("ended at row %d of %d%n", end, rows.size());
        }
    }

    /** In turn, so that checks come between votes; a share of the raters looks at nothing. */
    private static SimulatedStudy mixed(int seed, double inattentive, int wanted) {
        SimulatedStudy study = new SimulatedStudy(TWENTY, true, votes(wanted), 991L * seed);
        List<Person> people = new ArrayList<>();
        for (int rater = 0; rater < 24; rater++) {
            Person honest = study.taste(study.beta(2, 2), 0.1);
            Person coin = new Person((methods, cell) -> 1 + study.random.nextInt(2), 0.5, 3000);
            boolean looks = rater % 4 == 0 || study.random.nextDouble() >= inattentive;
            people.add(looks ? honest : rater % 3 == 0 ? careless(0) : coin);
        }
        for (int i = 0; i < 24 * 26; i++) {
            // Checks come last in these plans; from both ends they come in between.
            int turn = i / 24;
            int position = turn % 3 == 2 ? 25 - turn / 3 : turn - turn / 3;
            study.answer(i % 24, position, people.get(i % 24));
        }
        return study;
    }

    /**
     * Without a better method, and with raters who look at nothing and click on one method, the
     * verdict errs in 5 % of studies at most. "At most" allows three standard deviations.
     */
    @Test
    void inattentiveRatersLeaveTheErrorWhereItWas() {
        int studies = 160;
        double most = ALPHA * studies + 3 * Math.sqrt(ALPHA * (1 - ALPHA) * studies);
        for (double share : new double[] {0, 0.2, 0.5}) {
            int wrong = 0;
            int ended = 0;
            int before = 0;
            for (int s = 0; s < studies; s++) {
                StudyResult result = mixed(1000 + s, share, 120).result();
                ended += result.complete() ? 1 : 0;
                assertTrue(!result.complete() || result.towards() >= 120);
                before += result.counted() - result.towards();
                wrong +=
                        result.questions().get(0).comparisons().stream()
                                        .anyMatch(Comparison::decided)
                                ? 1
                                : 0;
            }
            System.out.printf(
                    "headline, Beta(2, 2), %.0f %% look at nothing: %d of %d studies ended, error"
                            + " %d; %.1f votes a study counted nothing%n",
                    100 * share, ended, studies, wrong, (double) before / studies);
            assertTrue(ended > 0.9 * studies, "ended " + ended);
            assertTrue(wrong <= most, wrong + " of " + studies);
        }
    }
}
