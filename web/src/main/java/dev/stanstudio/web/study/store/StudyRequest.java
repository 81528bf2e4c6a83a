package dev.stanstudio.web.study.store;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.study.plan.ControlCharacters;
import dev.stanstudio.web.study.plan.Planner;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.plan.VisibleText;
import dev.stanstudio.web.study.source.AskedStyles;
import dev.stanstudio.web.study.source.PlanMaker;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.stats.ChoicePower;
import dev.stanstudio.web.study.stats.RaterPower;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The settings that an author gives for a new study; numbers that are left open follow from the
 * pictures. Made by {@link #titled}. Immutable.
 */
public final class StudyRequest {
    private static final double SHARE = 0.65;
    private static final double POWER = 0.8;
    private static final int TRIALS = 30;

    /** Raters that a sequence needs for one of a fixed number: 1.6 to 1.9 in simulated studies. */
    private static final double SEQUENCE_FACTOR = 1.9;

    private static final int MIN_RATERS = 12;

    private final StudyRequestBuilder given;
    private final List<String> questions;

    StudyRequest(StudyRequestBuilder given) {
        this.given = given;
        this.questions = List.copyOf(given.questions);
    }

    /** Begins a request of which only the title is known. */
    public static StudyRequestBuilder titled(String title) {
        return new StudyRequestBuilder(title);
    }

    /** Begins a request that is equal to this one. */
    public StudyRequestBuilder but() {
        return new StudyRequestBuilder(given);
    }

    /**
     * Returns the same request with places for as many raters as are invited.
     *
     * @throws ArgumentException if the request names a smaller number of raters
     */
    public StudyRequest withPlaces(StudyPictures material, int invited) {
        int planned = settings(material).raters();
        if (invited <= planned) {
            return this;
        }
        if (given.raters != null) {
            throw new ArgumentException(
                    "%d invitations are more than the %d raters of the plan; ask for more raters"
                            .formatted(invited, planned));
        }
        return but().raters(invited).build();
    }

    /** Prepares the pictures, draws the plan and stores the study. */
    public Study make(StudyStore store, StudyPictures material) {
        VisibleText.require("the title", given.title);
        questions.forEach(question -> VisibleText.require("a question", question));
        ControlCharacters.refuse("the title", given.title);
        ControlCharacters.refuse("the introduction", given.introduction);
        questions.forEach(question -> ControlCharacters.refuse("a question", question));
        refuseRepeated(questions);
        StudySettings settings = settings(material);
        AskedStyles.require(settings, material, given.styles);
        String id = StudyStore.newId();
        StudyPlan plan;
        try (StudyDraft draft = store.draft(id)) {
            plan = PlanMaker.make(settings, material, draft.folder(), given.styles);
            draft.finish();
        }
        return store.create(id, plan);
    }

    /** Results are told apart by their questions. */
    private static void refuseRepeated(List<String> questions) {
        Set<String> asked = new HashSet<>();
        for (String question : questions) {
            if (!asked.add(question)) {
                throw new ArgumentException(
                        "the question \"%s\" is there twice; ask it once".formatted(question));
            }
        }
    }

    StudySettings settings(StudyPictures material) {
        int methods = material.methods().size();
        int prompts = material.rows().size();
        requireStoppable(methods);
        if (given.trials != null && given.trials < 1) {
            throw new ArgumentException("trials %d is less than 1".formatted(given.trials));
        }
        int comparisons = Planner.comparisons(settings(1, 1, 1), methods, prompts);
        int wanted = given.trials == null ? Math.min(TRIALS, comparisons) : given.trials;
        int perRater = settings(wanted, 1, 1).trials();
        int votes = given.votes == null ? votes(perRater, methods) : given.votes;
        int raters = given.raters == null ? plannedRaters(votes, perRater) : given.raters;
        return settings(perRater, votes, raters);
    }

    private void requireStoppable(int methods) {
        if (given.stop == StoppingRule.Kind.SEQUENCE && (methods != 2 || questions.size() != 1)) {
            throw new ArgumentException(
                    """
                    stopping by a confidence sequence needs two methods and one question, not %d \
                    and %d; give a fixed number of votes\
                    """
                            .formatted(methods, questions.size()));
        }
    }

    /** Returns the votes of as many raters as are needed, or of all if the plan has fewer. */
    private int votes(int perRater, int methods) {
        int needed = ratersNeeded(perRater, methods);
        return perRater * (given.raters == null ? needed : Math.min(needed, given.raters));
    }

    /**
     * Returns the raters for every pair and question, of which each answers an equal part, at the
     * share of the error that Holm's correction begins with; of choices among all methods at once,
     * the raters that find the best ahead of each other one.
     */
    private int ratersNeeded(int perRater, int methods) {
        int pairs = methods * (methods - 1) / 2;
        double asked = (double) perRater / questions.size();
        int raters =
                given.arrangement == StudySettings.Arrangement.ALL
                        ? new ChoicePower(methods, SHARE, asked, RaterPower.DEFAULT_CORRELATION)
                                .raters(StoppingRule.DEFAULT_ALPHA, POWER)
                        : new RaterPower(
                                        SHARE,
                                        Math.max(1, asked / pairs),
                                        RaterPower.DEFAULT_CORRELATION)
                                .raters(StoppingRule.DEFAULT_ALPHA / pairs, POWER);
        return given.stop == StoppingRule.Kind.SEQUENCE
                ? (int) Math.ceil(raters * SEQUENCE_FACTOR)
                : raters;
    }

    /** Returns twice the raters that the votes take, since some leave early or are screened. */
    private static int plannedRaters(int votes, int perRater) {
        int planned = Math.max(MIN_RATERS, 2 * ((votes + perRater - 1) / Math.max(1, perRater)));
        if (planned > StudySettings.MAX_RATERS) {
            throw new ArgumentException(
                    """
                    %d votes in trials of %d for each voter take about %d voters, more than %d; \
                    ask for fewer votes, for more trials, or for fewer raters\
                    """
                            .formatted(votes, perRater, planned, StudySettings.MAX_RATERS));
        }
        return planned;
    }

    private StudySettings settings(int perRater, int votes, int raters) {
        return new StudySettings(
                given.title,
                given.introduction,
                questions,
                given.arrangement,
                given.ties,
                given.styles != null,
                perRater,
                Math.min(given.repeats, perRater),
                given.checks,
                given.training,
                given.minMillis,
                raters,
                new StoppingRule(given.stop, votes, given.alpha),
                given.seed,
                given.admission,
                given.consent);
    }
}
