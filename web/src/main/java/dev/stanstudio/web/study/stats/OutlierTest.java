package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tests whether a rater votes against the others. A taste for a method, or for no difference, is no
 * reason to leave anybody out, however few share it: so the rater's own answers are held fixed, and
 * only which comparison of the same methods got which of them is tested. The agreement is Σ ln((k +
 * ½) / (n + K/2)), where k of the n others gave the rater's answer and K answers were possible. It
 * is compared with the same sum after the rater's answers were put in random orders within the
 * comparisons of the same methods (Pitman, 1937). A rater who follows a taste alone could have
 * answered in any of these orders, a rater who sees what the others see agrees more, and a rater
 * who answers against the pictures agrees less.
 *
 * <p>Orders are drawn until {@value #HITS} agree no better than the rater does (Besag and Clifford,
 * 1991), {@value #MOST_DRAWS} at most, always the same. Stateless.
 */
public final class OutlierTest {
    private static final int HITS = 50;
    private static final int MOST_DRAWS = 400_000;

    /** Draws for a p at the level. */
    private static final int DRAWS_AT_LEVEL = 20;

    private static final long SEED = 1;
    private static final double SLACK = 1e-9;

    private OutlierTest() {}

    /**
     * A rater's answer to a comparison.
     *
     * @param methods what was compared; answers are put in other orders among equal ones
     * @param given which answer, from 0
     * @param counts how often each answer was given, the rater's among them
     */
    public record Answer(List<Integer> methods, int given, List<Integer> counts) {
        /** Copies the lists. */
        public Answer {
            methods = List.copyOf(methods);
            counts = List.copyOf(counts);
            if (counts.get(given) < 1) {
                throw new IllegalArgumentException("the rater's own answer is not counted");
            }
        }

        /** The agreement with the others that each answer would have had. */
        private double[] agreements() {
            double others = counts.stream().mapToInt(Integer::intValue).sum() - 1.0;
            double[] agreements = new double[counts.size()];
            for (int a = 0; a < agreements.length; a++) {
                double alike = counts.get(a) - (a == given ? 1 : 0);
                agreements[a] = Math.log((alike + 0.5) / (others + agreements.length / 2.0));
            }
            return agreements;
        }
    }

    /** Comparisons of the same methods. */
    private static final class Group {
        private final int[] given;
        private final double[][] agreements;

        Group(int[] given, double[][] agreements) {
            this.given = given;
            this.agreements = agreements;
        }

        static Group of(List<Answer> answers) {
            return new Group(
                    answers.stream().mapToInt(Answer::given).toArray(),
                    answers.stream().map(Answer::agreements).toArray(double[][]::new));
        }

        double agreement() {
            double sum = 0;
            for (int i = 0; i < given.length; i++) {
                sum += agreements[i][given[i]];
            }
            return sum;
        }

        Group shuffled(SplittableRandom random) {
            int[] order = given.clone();
            for (int i = order.length - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int held = order[i];
                order[i] = order[other];
                order[other] = held;
            }
            return new Group(order, agreements);
        }
    }

    /**
     * Returns the probability of agreeing no better than observed; 1 if the answers do not allow a
     * test.
     *
     * @param level p-value around which the result is exact; smaller ones are less exact
     */
    public static double p(List<Answer> answers, double level) {
        Map<List<Integer>, List<Answer>> byMethods = new LinkedHashMap<>();
        for (Answer answer : answers) {
            byMethods.computeIfAbsent(answer.methods(), m -> new ArrayList<>()).add(answer);
        }
        List<Group> groups =
                byMethods.values().stream()
                        .filter(own -> own.stream().mapToInt(Answer::given).distinct().count() > 1)
                        .map(Group::of)
                        .toList();
        return groups.isEmpty() ? 1 : drawn(groups, level);
    }

    private static double drawn(List<Group> groups, double level) {
        double observed = agreement(groups) + SLACK;
        int most = (int) Math.min(MOST_DRAWS, Math.ceil(DRAWS_AT_LEVEL / level));
        SplittableRandom random = new SplittableRandom(SEED);
        int hits = 0;
        for (int draw = 1; draw <= most; draw++) {
            hits +=
                    agreement(groups.stream().map(g -> g.shuffled(random)).toList()) <= observed
                            ? 1
                            : 0;
            if (hits == HITS) {
                return (double) hits / draw;
            }
        }
        return (hits + 1.0) / (most + 1.0);
    }

    private static double agreement(Collection<Group> groups) {
        double sum = 0;
        for (Group group : groups) {
            sum += group.agreement();
        }
        return sum;
    }
}
