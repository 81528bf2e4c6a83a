package dev.stanstudio.web.study.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings chosen by a study's author.
 *
 * @param introduction text that voters read before they agree
 * @param questions questions, each of which gets trials of its own
 * @param arrangement number of pictures that a trial shows
 * @param ties whether "no difference" is an answer
 * @param references whether a trial shows pictures of its style above
 * @param trials trials of one rater without repeats, checks and training
 * @param repeats trials asked a second time with the pictures in another order
 * @param checks trials with spoiled pictures, which show whether a rater looks
 * @param training practice trials, which come first and do not count
 * @param minMillis minimum viewing time in milliseconds
 * @param raters number of raters of the plan
 * @param seed seed of a plan of version 1; decides nothing in later ones
 * @param admission rules for admitting raters; null in plans of version 1
 * @param consent facts that voters are told before they agree; null in plans that were made before
 *     there were any
 */
public record StudySettings(
        String title,
        String introduction,
        List<String> questions,
        Arrangement arrangement,
        boolean ties,
        boolean references,
        int trials,
        int repeats,
        int checks,
        int training,
        int minMillis,
        int raters,
        StoppingRule stop,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Admission admission,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ConsentTerms consent) {
    /** The numbers of pictures that a trial may show. */
    public enum Arrangement {
        /** Two, of every pair of methods. */
        PAIRS,
        /** One of each method, of which the best is picked. */
        ALL
    }

    /** The default question. */
    public static final String DEFAULT_QUESTION = "Which picture is better?";

    /** The most raters that a plan may have. */
    public static final int MAX_RATERS = 10_000;

    private static final int MAX_TRIALS = 500;

    /** Checks every setting. */
    public StudySettings {
        Setting.present("title", title);
        Setting.present("introduction", introduction);
        Setting.present("questions", questions);
        Setting.present("arrangement", arrangement);
        Setting.present("stop", stop);
        questions = List.copyOf(questions);
        Setting.text("the title", title, 200);
        if (introduction.length() > 4000) {
            throw new ArgumentException("the introduction is longer than 4000 characters");
        }
        Setting.between("the number of questions", questions.size(), 1, 5);
        questions.forEach(question -> Setting.text("a question", question, 200));
        Setting.between("trials", trials, 1, MAX_TRIALS);
        Setting.between("repeats", repeats, 0, trials);
        Setting.between("checks", checks, 0, 20);
        Setting.between("training", training, 0, 20);
        Setting.between("the minimum viewing time (ms)", minMillis, 0, 60_000);
        Setting.between("raters", raters, 1, MAX_RATERS);
    }

    /** Creates settings that state nothing to voters before they agree. */
    public StudySettings(
            String title,
            String introduction,
            List<String> questions,
            Arrangement arrangement,
            boolean ties,
            boolean references,
            int trials,
            int repeats,
            int checks,
            int training,
            int minMillis,
            int raters,
            StoppingRule stop,
            long seed,
            @Nullable Admission admission) {
        this(
                title,
                introduction,
                questions,
                arrangement,
                ties,
                references,
                trials,
                repeats,
                checks,
                training,
                minMillis,
                raters,
                stop,
                seed,
                admission,
                null);
    }

    /** Returns the settings of a study of which only the title is known. */
    public static StudySettings defaults(String title) {
        return new StudySettings(
                title,
                "",
                List.of(DEFAULT_QUESTION),
                Arrangement.PAIRS,
                true,
                false,
                30,
                3,
                2,
                2,
                800,
                50,
                new StoppingRule(StoppingRule.Kind.VOTES, 300, StoppingRule.DEFAULT_ALPHA),
                0,
                Admission.DEFAULT,
                ConsentTerms.DEFAULT);
    }

    /** Returns the rules for admitting voters. */
    public Admission admitted() {
        return Objects.requireNonNullElse(admission, Admission.UNSTATED);
    }

    /** Returns the facts that voters are told before they agree. */
    public ConsentTerms terms() {
        return Objects.requireNonNullElse(consent, ConsentTerms.UNSTATED);
    }

    /** Returns the number of votes that the planned raters can give. */
    public long places() {
        return (long) trials * raters;
    }

    /** Returns a warning if these are fewer than the votes that end the study; else no text. */
    public String shortage() {
        if (stop.kind() != StoppingRule.Kind.VOTES || places() >= stop.votes()) {
            return "";
        }
        return """
        The plan has places for %d votes (%d voters of %d each), fewer than the %d that end the \
        study: it can only be locked early, without a verdict. Plan more voters or fewer votes.\
        """
                .formatted(places(), raters, trials, stop.votes());
    }

    /** Returns the number of pictures that a trial shows of {@code methods} methods. */
    public int slots(int methods) {
        return arrangement == Arrangement.ALL ? methods : 2;
    }

    /** Returns the number of trials that a rater sees, of every role. */
    public int allTrials() {
        return trials + repeats + checks + training;
    }
}
