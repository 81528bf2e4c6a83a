package dev.stanstudio.web.study.result;

import dev.stanstudio.web.study.plan.KeyedRandom;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.VoteRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Turns a study's rows into its result. Methods keep letters for names until it is locked. */
public final class Evaluation {
    private static final int LETTERS = 26;

    private Evaluation() {}

    /** The result so far. */
    public static StudyResult of(Study study, List<VoteRow> rows) {
        return of(study, rows, Counting.PASSING);
    }

    /** The result so far, of a study whose end was found by {@code counting}. */
    public static StudyResult of(Study study, List<VoteRow> rows, Counting counting) {
        return of(study.plan(), names(study), !study.locked(), rows, counting);
    }

    static StudyResult of(
            StudyPlan plan,
            List<String> names,
            boolean masked,
            List<VoteRow> rows,
            Counting counting) {
        RaterGroups groups = RaterGroups.of(plan, rows);
        Replay replay = Replay.of(plan, rows, groups, counting);
        List<Ballot> all = replay.ballots();
        List<Ballot> votes =
                all.stream()
                        .filter(b -> b.is(Trial.Role.VOTE) && !groups.leavesOut(b.rater()))
                        .toList();
        List<RaterReport> raters = Screening.of(plan, all, groups);
        Set<Integer> trusted =
                raters.stream()
                        .filter(RaterReport::counts)
                        .map(RaterReport::slot)
                        .collect(Collectors.toSet());
        List<Ballot> screened = votes.stream().filter(b -> trusted.contains(b.rater())).toList();
        Sequences sequences = replay.sequences();
        return new StudyResult(
                masked,
                replay.complete(),
                replay.votes(),
                votes.size(),
                screened.size(),
                seqs(all),
                seqs(screened),
                sequences.raters(),
                Sides.of(plan, screened),
                raters,
                questions(
                        plan,
                        names,
                        screened,
                        new Verdicts(plan, sequences, trusted, standing(plan, replay))),
                screened.size() == votes.size()
                        ? List.of()
                        : questions(
                                plan,
                                names,
                                votes,
                                new Verdicts(plan, sequences, trusted, Headline.Standing.ASIDE)));
    }

    /** A fixed number of votes gives a verdict when it is reached, a sequence whenever it does. */
    private static Headline.Standing standing(StudyPlan plan, Replay replay) {
        return replay.complete() || plan.settings().stop().kind() == StoppingRule.Kind.SEQUENCE
                ? Headline.Standing.VERDICT
                : Headline.Standing.EARLY;
    }

    private static Set<Long> seqs(List<Ballot> ballots) {
        return ballots.stream().map(Ballot::seq).collect(Collectors.toSet());
    }

    /** Returns whether the study needs more votes, and how many rows it needs at least. */
    public static StoppingState state(Study study, List<VoteRow> rows) {
        return state(study, rows, Counting.PASSING);
    }

    static StoppingState state(Study study, List<VoteRow> rows, Counting counting) {
        StudyPlan plan = study.plan();
        return Replay.of(plan, rows, RaterGroups.of(plan, rows), counting).state();
    }

    /** The methods' names, or letters dealt by the study's secret while it is not locked. */
    public static List<String> names(Study study) {
        StudyPlan plan = study.plan();
        List<String> methods = plan.methods();
        if (study.locked()) {
            return methods;
        }
        List<String> letters =
                new ArrayList<>(
                        IntStream.range(0, methods.size()).mapToObj(Evaluation::letter).toList());
        new KeyedRandom(plan.key(study.secret()), "letters").shuffle(letters);
        return letters;
    }

    /** Returns Method A to Method Z, then Method A2 and so on. */
    private static String letter(int method) {
        String round = method < LETTERS ? "" : Integer.toString(method / LETTERS + 1);
        return "Method " + (char) ('A' + method % LETTERS) + round;
    }

    private static List<QuestionResult> questions(
            StudyPlan plan, List<String> names, List<Ballot> ballots, Verdicts verdicts) {
        List<String> questions = plan.settings().questions();
        return IntStream.range(0, questions.size())
                .mapToObj(
                        q ->
                                new QuestionAnalysis(
                                                plan,
                                                names,
                                                ballots.stream()
                                                        .filter(b -> b.trial().question() == q)
                                                        .toList(),
                                                verdicts,
                                                q)
                                        .result(questions.get(q)))
                .toList();
    }
}
