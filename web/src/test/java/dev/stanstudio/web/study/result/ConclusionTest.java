package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.stats.RaterPower;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain sentence above a result, and the counts per prompt, say what the numbers say. */
class ConclusionTest {
    private static SimulatedStudy study(double share, int raters, int votes) {
        SimulatedStudy study =
                new SimulatedStudy(
                        new Design(2, 20, 30, 20, 0, 0, false),
                        true,
                        new StoppingRule(StoppingRule.Kind.VOTES, votes, 0.05),
                        5);
        for (int rater = 0; rater < raters; rater++) {
            study.answerAll(rater, study.taste(share, 0));
        }
        return study;
    }

    @Test
    void aClearPreferenceIsOneSentence() {
        StudyResult result = study(0.95, 12, 200).result();
        Comparison only = result.questions().get(0).comparisons().get(0);
        assertTrue(only.decided());
        assertEquals(
                List.of(
                        "%s was preferred to %s, in %s of %d decisive votes by %d raters."
                                .formatted(
                                        only.leader(),
                                        only.other(),
                                        StudyFormat.percent(only.share()),
                                        only.decisive(),
                                        only.headline().raters())),
                Conclusion.of(result.questions().get(0)));
    }

    @Test
    void tooFewVotesNameHowManyMoreThePowerCalculationAsksFor() {
        StudyResult result = study(0.65, 4, 80).result();
        Comparison only = result.questions().get(0).comparisons().get(0);
        assertFalse(only.decided());
        String told = Conclusion.of(result.questions().get(0)).get(0);
        double each = (double) only.decisive() / only.headline().raters();
        int raters =
                new RaterPower(only.share(), each, RaterPower.DEFAULT_CORRELATION)
                                .raters(StoppingRule.DEFAULT_ALPHA, 0.8)
                        - only.headline().raters();
        assertTrue(told.startsWith("Too few votes to tell "), told);
        assertTrue(told.contains(" by %d further voters would".formatted(raters)), told);
    }

    /** A study of {@code methods} whose raters all prefer the lower-numbered one, always. */
    private static QuestionResult unanimous(StoppingRule.Kind kind, int methods, int raters) {
        int trials = 4 * methods * (methods - 1) / 2;
        SimulatedStudy study =
                new SimulatedStudy(
                        new Design(methods, 4, 30, trials, 0, 0, false),
                        true,
                        new StoppingRule(kind, raters * trials, 0.05),
                        5);
        for (int rater = 0; rater < raters; rater++) {
            study.answerAll(rater, study.taste(1, 0));
        }
        return study.result().questions().get(0);
    }

    @Test
    void noughtHasNoSign() {
        assertEquals("0.00", StudyFormat.number(-0.004));
        assertEquals("-0.01", StudyFormat.number(-0.006));
        assertEquals("[-0.50, 0.00]", StudyFormat.number(new Interval(-0.5, -0.001)));
    }

    @Test
    void ofTwoThatAreEvenNeitherLeads() {
        SimulatedStudy study =
                new SimulatedStudy(
                        new Design(2, 4, 30, 4, 0, 0, false),
                        true,
                        new StoppingRule(StoppingRule.Kind.SEQUENCE, 120, 0.05),
                        5);
        for (int rater = 0; rater < 8; rater++) {
            study.answerAll(rater, study.taste(rater % 2, 0));
        }
        Comparison even = study.result().questions().get(0).comparisons().get(0);
        assertEquals(0.5, even.headline().share());
        String told = StudyFormat.sentence(even);
        assertTrue(told.contains(": neither leads by the mean score of 8 raters"), told);
    }

    private static int furtherVoters(QuestionResult question) {
        String told = Conclusion.of(question).get(0);
        Matcher matcher = Pattern.compile(" by (\\d+) further voters? would").matcher(told);
        assertTrue(matcher.find(), told);
        return Integer.parseInt(matcher.group(1));
    }

    /** The sequence is more careful than the test that a fixed number of votes is judged by. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void furtherVotersOfASequenceEndIt(int raters) {
        QuestionResult before = unanimous(StoppingRule.Kind.SEQUENCE, 2, raters);
        int further = furtherVoters(before);
        assertFalse(decided(unanimous(StoppingRule.Kind.SEQUENCE, 2, raters + further - 1)));
        assertTrue(decided(unanimous(StoppingRule.Kind.SEQUENCE, 2, raters + further)));
    }

    /** Three comparisons share the error. */
    @Test
    void furtherVotersAreEnoughAfterHolmsCorrection() {
        QuestionResult before = unanimous(StoppingRule.Kind.VOTES, 3, 3);
        assertFalse(decided(before));
        assertTrue(decided(unanimous(StoppingRule.Kind.VOTES, 3, 3 + furtherVoters(before))));
    }

    private static boolean decided(QuestionResult question) {
        return question.comparisons().stream().allMatch(Comparison::decided);
    }

    @Test
    void whatEndedEarlyIsNotCalledAVerdict() {
        StudyResult result = study(0.95, 12, 2000).result();
        String told = Conclusion.of(result.questions().get(0)).get(0);
        assertTrue(told.matches("Ended too early to tell .* from .* \\(\\d+ : \\d+\\)\\."), told);
        assertTrue(
                Conclusion.warnings(result, 2000).get(0).contains(" 240 of 2000 votes counted"),
                Conclusion.warnings(result, 2000).toString());
    }

    @Test
    void votesPerPromptAddUpToThoseOfTheMethods() {
        SimulatedStudy study = study(0.7, 8, 120);
        StudyResult result = study.result();
        PairTallies tallies = PairTallies.of(study.plan, study.rows(), result.votes());
        for (MethodRow row : result.questions().get(0).methods()) {
            long picks =
                    tallies.pairs().stream()
                            .flatMap(pair -> pair.sides().stream())
                            .filter(side -> side.method().equals(row.method()))
                            .mapToLong(PairTally.Side::picks)
                            .sum();
            assertEquals(row.picks(), picks, row.method());
        }
        assertEquals(result.screened(), tallies.pairs().stream().mapToLong(PairTally::votes).sum());
        assertEquals(
                result.questions().get(0).ties(),
                tallies.pairs().stream().mapToLong(PairTally::ties).sum());
        double most = tallies.mostAgreed().get(0).agreement();
        double least = tallies.leastAgreed().get(0).agreement();
        assertTrue(
                tallies.pairs().stream()
                        .filter(pair -> pair.votes() > 1)
                        .allMatch(p -> p.agreement() <= most && p.agreement() >= least));
    }
}
