package dev.stanstudio.web.study.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What whoever makes a study decides.
 *
 * @param introduction what voters read before they agree
 * @param questions each is asked in trials of its own
 * @param arrangement how many pictures stand beside each other
 * @param ties whether "no difference" is an answer
 * @param references whether pictures of the style are shown above
 * @param trials what one rater answers, not counting repeats, checks and training
 * @param repeats trials asked a second time with the pictures in another order
 * @param checks trials with one spoiled picture, to see who looks
 * @param training first trials, which do not count
 * @param minMillis how long pictures must be seen before an answer is taken
 * @param raters for how many raters the plan is drawn
 * @param seed what the plan of version 1 was drawn from; decides nothing in later ones
 * @param admission who may vote; null in plans of version 1
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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Admission admission) {
    /** How many pictures a trial shows. */
    public enum Arrangement {
        /** Two, of every pair of methods. */
        PAIRS,
        /** One of each method, of which the best is picked. */
        ALL
    }

    /** What is asked unless other questions are named. */
    public static final String DEFAULT_QUESTION = "Which picture is better?";

    /** The most raters that a plan is drawn for. */
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

    /** The settings of a study about which only its title is known. */
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
                Admission.DEFAULT);
    }

    /** Returns the rules for admitting voters. */
    public Admission admitted() {
        return Objects.requireNonNullElse(admission, Admission.UNSTATED);
    }

    /** Returns the number of pictures that a trial shows of {@code methods} methods. */
    public int slots(int methods) {
        return arrangement == Arrangement.ALL ? methods : 2;
    }

    /** Trials that a rater sees, of every role. */
    public int showings() {
        return trials + repeats + checks + training;
    }
}
