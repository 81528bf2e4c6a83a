package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.SimulatedStudy.Design;
import dev.stanstudio.web.study.result.SimulatedStudy.Model;
import dev.stanstudio.web.study.result.SimulatedStudy.Person;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Honest raters are kept, bad ones are found, in simulated studies of fixed seeds. */
class ScreeningSimulationTest {
    private static final StoppingRule STOP =
            new StoppingRule(StoppingRule.Kind.VOTES, 100_000, 0.05);
    private static final double ERROR = 0.05;

    /** Everybody shares the probabilities of the answers to each comparison. */
    private static Person shared(SimulatedStudy study, double[][] shares, double ties) {
        return new Person(
                (methods, cell) -> {
                    if (study.random.nextDouble() < ties) {
                        return 0;
                    }
                    double sum = methods.stream().mapToDouble(m -> shares[cell][m]).sum();
                    double left = study.random.nextDouble() * sum;
                    int slot = 0;
                    while (slot < methods.size() - 1 && left > shares[cell][methods.get(slot)]) {
                        left -= shares[cell][methods.get(slot++)];
                    }
                    return slot + 1;
                });
    }

    /** Strengths per comparison, Gamma(2): two methods then have shares of Beta(2, 2). */
    private static double[][] strengths(SimulatedStudy study) {
        double[][] shares = new double[study.plan.cells().size()][study.plan.methods().size()];
        for (double[] row : shares) {
            for (int m = 0; m < row.length; m++) {
                row[m] = study.gamma(2);
            }
        }
        return shares;
    }

    private static boolean flagsAnybody(SimulatedStudy study) {
        return study.screened().stream().anyMatch(r -> !r.counts());
    }

    @Test
    void honestRatersAreKept() {
        int repeats = 6;
        int wrong = 0;
        int studies = 0;
        for (double ties : new double[] {0, 0.1, 0.2, 0.4}) {
            int here = 0;
            int all = 0;
            for (int methods = 2; methods <= 5; methods++) {
                for (boolean atOnce : new boolean[] {false, true}) {
                    for (int r = 0; r < repeats; r++) {
                        int raters = r % 2 == 0 ? 14 : 30;
                        Design design = new Design(methods, 24, raters, 20, 3, 2, atOnce);
                        SimulatedStudy study =
                                new SimulatedStudy(design, ties > 0 || r % 3 == 0, STOP, 77L * all);
                        Person person = shared(study, strengths(study), ties);
                        for (int rater = 0; rater < raters; rater++) {
                            study.answerAll(rater, person);
                        }
                        here += flagsAnybody(study) ? 1 : 0;
                        all++;
                    }
                }
            }
            System.out.printf(
                    "screening: honest raters, %.0f %% ties: somebody left out in %d of %d%n",
                    100 * ties, here, all);
            wrong += here;
            studies += all;
        }
        assertTrue(wrong <= ERROR * studies, wrong + " of " + studies);
    }

    /** Tastes of their own, the same in every comparison, are no reason to leave anybody out. */
    @Test
    void ratersWithTastesOfTheirOwnAreKept() {
        int studies = 50;
        for (double a : new double[] {10, 2, 1}) {
            int wrong = 0;
            for (int s = 0; s < studies; s++) {
                int raters = 8 + s % 23;
                Design design = new Design(2, 40, raters, 20, 3, 2, false);
                SimulatedStudy study = new SimulatedStudy(design, true, STOP, 1000L * s + (int) a);
                for (int rater = 0; rater < raters; rater++) {
                    study.answerAll(rater, study.taste(study.beta(a, a), 0.1));
                }
                wrong += flagsAnybody(study) ? 1 : 0;
            }
            System.out.printf(
                    "screening: tastes Beta(%.0f, %.0f): somebody left out in %d of %d%n",
                    a, a, wrong, studies);
            // Five standard deviations of chance above 5 %.
            assertTrue(wrong <= ERROR * studies + 5 * Math.sqrt(ERROR * studies), "" + wrong);
        }
    }

    /** Few prefer what most do not; they are no worse raters. */
    @Test
    void rareTastesAreKept() {
        int studies = 40;
        for (double[] camp :
                new double[][] {{0.2, 0.02, 0.98}, {0.3, 0.1, 0.9}, {0.1, 0.25, 0.85}}) {
            int wrong = 0;
            for (int s = 0; s < studies; s++) {
                int raters = 8 + s % 23;
                Design design = new Design(2, 40, raters, 20, 3, 2, false);
                SimulatedStudy study = new SimulatedStudy(design, true, STOP, 6007L * s + 1);
                for (int rater = 0; rater < raters; rater++) {
                    boolean few = study.random.nextDouble() < camp[0];
                    study.answerAll(rater, study.taste(few ? camp[1] : camp[2], 0.1));
                }
                wrong += flagsAnybody(study) ? 1 : 0;
            }
            System.out.printf(
                    "screening: %.0f %% of raters with a share of %.2f, the others %.2f: somebody"
                            + " left out in %d of %d%n",
                    100 * camp[0], camp[1], camp[2], wrong, studies);
            assertTrue(wrong <= ERROR * studies + 2, wrong + " of " + studies);
        }
    }

    /** One of fourteen does not do the task; the others answer alike in four of five votes. */
    @Test
    void badRatersAreFound() {
        Function<SimulatedStudy, Model> dice = s -> (m, cell) -> s.random.nextInt(m.size() + 1);
        assertTrue(found("always the first place", 2, s -> (m, cell) -> 1) >= 0.9);
        assertTrue(found("always no difference", 2, s -> (m, cell) -> 0) >= 0.9);
        // The others' answers cannot tell chance from a weak taste, so it takes checks.
        assertTrue(found("at random", 2, dice) >= 0.3);
        assertTrue(found("at random", 4, dice) >= 0.8);
        assertTrue(
                found(
                                "always the opposite",
                                2,
                                s -> (m, cell) -> m.indexOf(liked(m, cell)) == 0 ? 2 : 1)
                        >= 0.9);
    }

    private static int liked(List<Integer> methods, int cell) {
        return cell % 3 == 0
                ? java.util.Collections.max(methods)
                : java.util.Collections.min(methods);
    }

    private static double found(String name, int checks, Function<SimulatedStudy, Model> bad) {
        int studies = 40;
        int found = 0;
        int foundAlone = 0;
        for (int s = 0; s < studies; s++) {
            Design design = new Design(2, 40, 14, 30, 3, checks, false);
            SimulatedStudy study = new SimulatedStudy(design, true, STOP, 31L * s + 5);
            Person honest =
                    new Person(
                            (methods, cell) -> {
                                double dice = study.random.nextDouble();
                                int good = methods.indexOf(liked(methods, cell)) + 1;
                                return dice < 0.8 ? good : dice < 0.9 ? 3 - good : 0;
                            });
            for (int rater = 0; rater < 13; rater++) {
                study.answerAll(rater, honest);
            }
            // Whoever turns answers round on purpose passes checks; the others do not look at them.
            boolean looks = name.contains("opposite");
            study.answerAll(13, new Person(bad.apply(study), looks ? 1 : 0, 3000));
            List<RaterReport> reports = study.screened();
            found += reports.get(13).counts() ? 0 : 1;
            foundAlone += reports.get(13).reasons().contains("votes against the others") ? 1 : 0;
        }
        System.out.printf(
                "screening: %s, %d checks: found in %d of %d studies, by the others' answers in"
                        + " %d%n",
                name, checks, found, studies, foundAlone);
        return (double) found / studies;
    }
}
