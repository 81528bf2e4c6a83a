package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.store.RaterGroups;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The places that methods may have. */
class RankSetTest {
    private static final List<String> FOUR = List.of("A", "B", "C", "D");

    private static Verdicts verdicts(FixedPlan study) {
        List<Ballot> ballots = study.ballots();
        Set<Integer> raters = ballots.stream().map(Ballot::rater).collect(Collectors.toSet());
        Sequences sequences =
                new Sequences(study.plan, RaterGroups.of(study.plan, study.rows()), ballots);
        return new Verdicts(study.plan, sequences, raters, Headline.Standing.VERDICT);
    }

    private static QuestionResult analyse(FixedPlan study) {
        return new QuestionAnalysis(study.plan, FOUR, study.ballots(), verdicts(study), 0)
                .result("Which?");
    }

    /** Each rater has a taste of their own around the methods' strengths. */
    private static FixedPlan study(Random random, double[] strengths, int raters, double taste) {
        FixedPlan study = new FixedPlan(FOUR, Collections.nCopies(8, ""), raters, 0, 1000);
        for (int rater = 0; rater < raters; rater++) {
            double[] own = new double[4];
            for (int m = 0; m < 4; m++) {
                own[m] = Math.exp(strengths[m] + taste * random.nextGaussian());
            }
            study.answer(rater, IntStream.range(0, 8).map(t -> pick(random, own)).toArray());
        }
        return study;
    }

    private static int pick(Random random, double[] weights) {
        double left =
                random.nextDouble() * IntStream.range(0, 4).mapToDouble(m -> weights[m]).sum();
        int choice = 0;
        while (choice < 3 && left > weights[choice]) {
            left -= weights[choice++];
        }
        return choice + 1;
    }

    private static RankSet ranks(QuestionResult result, String method) {
        return result.methods().stream()
                .filter(row -> row.method().equals(method))
                .findFirst()
                .orElseThrow()
                .ranks();
    }

    @Test
    void whatIsDecidedRulesPlacesOut() {
        QuestionResult result = analyse(study(new Random(1), new double[] {3, 0, 0, -3}, 20, 0.1));
        assertEquals(new RankSet(1, 1), ranks(result, "A"));
        assertEquals(List.of("A"), result.maybeBest());
        assertEquals("The best of all is A.", StudyFormat.maybeBest(result));
        assertEquals(1, ranks(result, "B").best() - 1, "behind A");
        assertEquals(4, ranks(result, "D").worst());
    }

    @Test
    void withoutVerdictsEveryPlaceIsPossible() {
        QuestionResult result = analyse(study(new Random(2), new double[4], 5, 0.1));
        FOUR.forEach(method -> assertEquals(new RankSet(1, 4), ranks(result, method)));
        assertEquals(FOUR.size(), result.maybeBest().size());
        assertEquals("Any of them may be the best of all.", StudyFormat.maybeBest(result));
    }

    /** True places 1, 2, 2, 4: B and C are equally strong, and raters differ. */
    @Test
    void allTruePlacesLieInTheirSetsInNineteenOfTwentyStudies() {
        Random random = new Random(3);
        int studies = 120;
        int wrong = 0;
        int bestKnown = 0;
        for (int i = 0; i < studies; i++) {
            FixedPlan study = study(random, new double[] {1.4, 0, 0, -0.4}, 14, 0.7);
            List<Comparison> table = verdicts(study).table(study.ballots(), 0, FOUR, true);
            List<RankSet> sets =
                    FOUR.stream().map(method -> RankSet.of(method, table, FOUR.size())).toList();
            boolean all =
                    sets.get(0).best() == 1
                            && sets.get(1).best() <= 2
                            && sets.get(2).best() <= 2
                            && sets.get(1).worst() >= 3
                            && sets.get(2).worst() >= 3
                            && sets.get(3).worst() == 4;
            wrong += all ? 0 : 1;
            bestKnown += sets.stream().filter(set -> set.best() == 1).count() == 1 ? 1 : 0;
        }
        assertTrue(wrong <= 0.05 * studies, wrong + " of " + studies + " studies are wrong");
        assertTrue(bestKnown > studies / 10, "and A is often known: " + bestKnown);
    }
}
