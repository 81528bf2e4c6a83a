package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.store.RaterGroups;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the numbers of one question against values that were computed by hand. */
class QuestionAnalysisTest {
    private static final double TOLERANCE = 1e-6;
    private static final List<String> TWO = List.of("A", "B");
    private static final List<String> ONE_STYLE = List.of("", "", "", "");

    /** Elo points of one unit of log-strength: 400 / ln 10. */
    private static final double ELO = 173.717793;

    private static FixedPlan plan(List<String> methods, List<String> styles, int raters) {
        return new FixedPlan(methods, styles, raters, 0, 1000);
    }

    private static QuestionResult analyse(FixedPlan study) {
        List<Ballot> ballots = study.ballots();
        Set<Integer> raters = ballots.stream().map(Ballot::rater).collect(Collectors.toSet());
        Sequences sequences =
                new Sequences(study.plan, RaterGroups.of(study.plan, study.rows()), ballots);
        Verdicts verdicts = new Verdicts(study.plan, sequences, raters, Headline.Standing.VERDICT);
        return new QuestionAnalysis(study.plan, study.plan.methods(), ballots, verdicts, 0)
                .result("Which?");
    }

    @Test
    void sixRatersWhoPreferTheSameMethodInThreeOfFour() {
        FixedPlan study = plan(TWO, ONE_STYLE, 6);
        for (int rater = 0; rater < 6; rater++) {
            int other = rater % 4;
            study.answer(
                    rater, IntStream.range(0, 4).map(trial -> trial == other ? 2 : 1).toArray());
        }
        QuestionResult result = analyse(study);
        assertEquals(24, result.votes());
        assertEquals(0, result.ties());
        Comparison comparison = result.comparisons().get(0);
        assertEquals("A", comparison.leader());
        assertEquals(18, comparison.wins());
        assertEquals(6, comparison.losses());
        assertEquals(0.75, comparison.headline().share(), TOLERANCE);
        // All six signs are alike in 2 of 2^6 assignments.
        assertEquals(2.0 / 64, comparison.headline().p(), TOLERANCE);
        assertEquals(2.0 / 64, comparison.headline().adjusted(), TOLERANCE);
        // Raters with one share do not tell how raters differ: Wilson's interval of six raters.
        assertEquals(0.36482, comparison.headline().interval().low(), 1e-4);
        assertEquals(0.94001, comparison.headline().interval().high(), 1e-4);
        assertFalse(comparison.decided());
        // 2 (134596 + 42504 + 10626 + 2024 + 276 + 24 + 1) / 2^24.
        assertEquals(380_102.0 / 16_777_216, comparison.naiveP(), TOLERANCE);
        // Odds are 18 to 6, so the strengths differ by ln 3.
        assertStrengths(result, Math.log(3) / 2, -Math.log(3) / 2);
        assertEquals("Bradley–Terry, ties as half a win for each", result.model());
        assertEquals(4, result.agreement().units());
        assertEquals(0, result.agreement().alone());
        assertEquals(6, result.agreement().fleissAnswers());
    }

    /** Of these raters the first vote 9 to 1, and the last six, who are alike, 6 to 4. */
    private static Comparison nineOfTenThenSix(int nines) {
        FixedPlan study = plan(TWO, Collections.nCopies(10, ""), nines + 6);
        for (int rater = 0; rater < nines + 6; rater++) {
            int won = rater < nines ? 9 : 6;
            study.answer(rater, IntStream.range(0, 10).map(trial -> trial < won ? 1 : 2).toArray());
        }
        return analyse(study).comparisons().get(0);
    }

    /** Six raters of one share have p 0.031, but an interval that holds one half. */
    @Test
    void asManyRatersAsAreSaidHaveToBeMissingToOpenAVerdict() {
        int missing = nineOfTenThenSix(4).fragility().ratersUntilOpen();
        assertTrue(nineOfTenThenSix(4 - missing + 1).decided(), missing + " raters");
        assertFalse(nineOfTenThenSix(4 - missing).decided(), missing + " raters");
    }

    private static void assertStrengths(QuestionResult result, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            MethodRow row = result.methods().get(i);
            assertEquals(expected[i], row.strength(), TOLERANCE, row.method());
            assertEquals(1000 + ELO * expected[i], row.elo(), 1e-4, row.method());
        }
    }

    @Test
    void aTieIsHalfAWinForEachInStrengthsAndNoDecisiveVote() {
        FixedPlan study = plan(TWO, ONE_STYLE, 6);
        IntStream.range(0, 6).forEach(rater -> study.answer(rater, 1, 1, 0, 2));
        QuestionResult result = analyse(study);
        assertEquals(6, result.ties());
        Comparison comparison = result.comparisons().get(0);
        assertEquals(6, comparison.ties());
        assertEquals(12.0 / 18, comparison.share(), TOLERANCE);
        // 12 wins and 3 halves against 6 and 3.
        assertStrengths(result, Math.log(15.0 / 9) / 2, -Math.log(15.0 / 9) / 2);
        MethodRow first = result.methods().get(0);
        assertEquals(12, first.picks());
        assertEquals(18, first.shown());
    }

    @Test
    void eightRatersWhoDifferLittleDecide() {
        FixedPlan study = plan(TWO, ONE_STYLE, 8);
        IntStream.range(0, 8).forEach(rater -> study.answer(rater, 2, 2, 2, rater < 4 ? 2 : 1));
        Comparison comparison = analyse(study).comparisons().get(0);
        assertEquals("B", comparison.leader());
        assertEquals(28.0 / 32, comparison.headline().share(), TOLERANCE);
        assertEquals(2.0 / 256, comparison.headline().p(), TOLERANCE);
        assertTrue(comparison.decided());
    }

    @Test
    void ratersWhoDisagreeDecideNothing() {
        FixedPlan study = plan(TWO, ONE_STYLE, 6);
        for (int rater = 0; rater < 6; rater++) {
            int choice = rater < 3 ? 1 : 2;
            study.answer(rater, choice, choice, choice, choice);
        }
        Comparison comparison = analyse(study).comparisons().get(0);
        assertEquals(0.5, comparison.share(), TOLERANCE);
        assertEquals(1, comparison.headline().p(), TOLERANCE);
        assertFalse(comparison.decided());
        assertTrue(comparison.headline().interval().contains(0.5));
    }

    @Test
    void aMethodThatNeverLosesHasAFiniteStrengthByAPrior() {
        FixedPlan study = plan(TWO, ONE_STYLE, 6);
        IntStream.range(0, 6).forEach(rater -> study.answer(rater, 2, 2, 2, 2));
        QuestionResult result = analyse(study);
        assertTrue(result.model().contains("held together by a weak prior (ridge 0.1)"));
        MethodRow best = result.methods().get(0);
        assertEquals("B", best.method());
        assertTrue(best.strength() > 1 && best.strength() < 10, "strength " + best.strength());
        assertEquals(-best.strength(), result.methods().get(1).strength(), TOLERANCE);
    }

    @Test
    void fiveRatersAreTooFewForAnyInterval() {
        FixedPlan study = plan(TWO, ONE_STYLE, 5);
        IntStream.range(0, 5).forEach(rater -> study.answer(rater, 1, 1, 1, 2));
        QuestionResult result = analyse(study);
        assertEquals(Interval.NONE, result.methods().get(0).clustered());
        Comparison comparison = result.comparisons().get(0);
        assertFalse(comparison.headline().interval().known());
        assertFalse(comparison.decided());
    }

    @Test
    void picksAmongThreeFollowLucesRule() {
        FixedPlan study = plan(List.of("A", "B", "C"), ONE_STYLE, 6);
        IntStream.range(0, 6).forEach(rater -> study.answer(rater, 1, 2, 1, 3));
        QuestionResult result = analyse(study);
        assertEquals("Luce's choice rule", result.model());
        // Picks 12 : 6 : 6 of all shown, so odds of 2 against each other method.
        assertStrengths(result, Math.log(2) * 2 / 3, -Math.log(2) / 3, -Math.log(2) / 3);
        assertEquals(24, result.methods().get(0).shown());
        assertEquals(12, result.methods().get(0).picks());
        assertEquals(3, result.comparisons().size());
        // The votes in which either of the two was picked.
        assertEquals(18, result.comparisons().get(0).decisive());
    }

    @Test
    void stylesAreComparedOnTheirOwnWhereThereAreSeveral() {
        assertTrue(analyse(answered(ONE_STYLE)).styles().isEmpty());
        QuestionResult result = analyse(answered(List.of("ink", "ink", "oil", "oil")));
        assertEquals(List.of("ink", "oil"), List.copyOf(result.styles().keySet()));
        Comparison ink = result.styles().get("ink").get(0);
        assertEquals(List.of("A", 12L, 0L), List.of(ink.leader(), ink.wins(), ink.losses()));
        Comparison oil = result.styles().get("oil").get(0);
        assertEquals(List.of("B", 12L, 0L), List.of(oil.leader(), oil.wins(), oil.losses()));
    }

    private static FixedPlan answered(List<String> styles) {
        FixedPlan study = plan(TWO, styles, 6);
        IntStream.range(0, 6).forEach(rater -> study.answer(rater, 1, 1, 2, 2));
        return study;
    }
}
