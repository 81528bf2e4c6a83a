package dev.stanstudio.web.study.store;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.ControlCharacters;
import dev.stanstudio.web.study.plan.Planner;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.source.PlanMaker;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.stats.RaterPower;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for; what is left open (null) is chosen from the pictures.
 *
 * @param votes votes that count, at most; by default those of as many raters as the power
 *     calculator asks for to find a share of 65 % with 80 % probability, for every pair of methods
 *     and question, if votes of one rater correlate by {@link RaterPower#DEFAULT_CORRELATION}
 * @param trials trials per rater
 * @param raters how many the plan is drawn for; by default twice as many as the votes need
 * @param seed kept for old scripts; decides nothing
 * @param styles a folder of reference pictures, or one per style
 * @param admission who may vote
 */
public record StudyRequest(
        String title,
        String introduction,
        List<String> questions,
        boolean all,
        boolean ties,
        boolean sequence,
        double alpha,
        @Nullable Integer votes,
        @Nullable Integer trials,
        @Nullable Integer raters,
        int repeats,
        int checks,
        int training,
        int minMillis,
        long seed,
        @Nullable Path styles,
        Admission admission) {
    private static final double SHARE = 0.65;
    private static final double POWER = 0.8;
    private static final int TRIALS = 30;
    private static final int MIN_RATERS = 12;

    /** Copies the list. */
    public StudyRequest {
        questions = List.copyOf(questions);
    }

    /** A request about which only the title is known. */
    public static StudyRequest titled(String title) {
        StudySettings defaults = StudySettings.defaults(title);
        return new StudyRequest(
                title,
                "",
                defaults.questions(),
                false,
                true,
                false,
                StoppingRule.DEFAULT_ALPHA,
                null,
                null,
                null,
                defaults.repeats(),
                defaults.checks(),
                defaults.training(),
                defaults.minMillis(),
                0,
                null,
                Admission.DEFAULT);
    }

    /** The same request with other rules of who may vote. */
    public StudyRequest withAdmission(Admission other) {
        return new StudyRequest(
                title,
                introduction,
                questions,
                all,
                ties,
                sequence,
                alpha,
                votes,
                trials,
                raters,
                repeats,
                checks,
                training,
                minMillis,
                seed,
                styles,
                other);
    }

    /**
     * The same request with places for as many raters as are invited.
     *
     * @throws ArgumentException when fewer are asked for
     */
    public StudyRequest withPlaces(StudyPictures material, int invited) {
        int planned = settings(material).raters();
        if (invited <= planned) {
            return this;
        }
        if (raters != null) {
            throw new ArgumentException(
                    "%d invitations are more than the %d raters of the plan; ask for more raters"
                            .formatted(invited, planned));
        }
        return new StudyRequest(
                title,
                introduction,
                questions,
                all,
                ties,
                sequence,
                alpha,
                votes,
                trials,
                invited,
                repeats,
                checks,
                training,
                minMillis,
                seed,
                styles,
                admission);
    }

    /** Prepares the pictures, draws the plan and keeps the study. */
    public Study make(StudyStore store, StudyPictures material) {
        ControlCharacters.refuse("the title", title);
        ControlCharacters.refuse("the introduction", introduction);
        questions.forEach(question -> ControlCharacters.refuse("a question", question));
        StudySettings settings = settings(material);
        String id = StudyStore.newId();
        StudyPlan plan = PlanMaker.make(settings, material, store.folder(id), styles);
        return store.create(id, plan);
    }

    StudySettings settings(StudyPictures material) {
        StudySettings.Arrangement arrangement =
                all ? StudySettings.Arrangement.ALL : StudySettings.Arrangement.PAIRS;
        int methods = material.methods().size();
        if (sequence && (methods != 2 || questions.size() != 1)) {
            throw new ArgumentException(
                    "stopping by a confidence sequence needs two methods and one question, not "
                            + methods
                            + " and "
                            + questions.size()
                            + "; give a fixed number of votes");
        }
        if (trials != null && trials < 1) {
            throw new ArgumentException("trials %d is less than 1".formatted(trials));
        }
        StudySettings draft = settings(arrangement, 1, 1, 1);
        int comparisons = Planner.comparisons(draft, methods, material.rows().size());
        int perRater = trials == null ? Math.min(TRIALS, comparisons) : trials;
        int sets = comparisons / material.rows().size();
        int needed = votes == null ? perRater * ratersNeeded(perRater, sets) : votes;
        int planned =
                raters == null
                        ? Math.max(
                                MIN_RATERS, 2 * ((needed + perRater - 1) / Math.max(1, perRater)))
                        : raters;
        if (raters == null && planned > StudySettings.MAX_RATERS) {
            throw new ArgumentException(
                    ("%d votes in trials of %d for each voter take about %d voters, more than %d;"
                                    + " ask for fewer votes, for more trials, or for fewer raters")
                            .formatted(needed, perRater, planned, StudySettings.MAX_RATERS));
        }
        return settings(arrangement, perRater, needed, planned);
    }

    /** For every pair and question, of which each rater answers an equal part. */
    private static int ratersNeeded(int perRater, int sets) {
        double each = Math.max(1, (double) perRater / sets);
        return new RaterPower(SHARE, each, RaterPower.DEFAULT_CORRELATION)
                .raters(StoppingRule.DEFAULT_ALPHA, POWER);
    }

    private StudySettings settings(
            StudySettings.Arrangement arrangement, int perRater, int needed, int planned) {
        return new StudySettings(
                title,
                introduction,
                questions,
                arrangement,
                ties,
                styles != null,
                perRater,
                Math.min(repeats, perRater),
                checks,
                training,
                minMillis,
                planned,
                new StoppingRule(
                        sequence ? StoppingRule.Kind.SEQUENCE : StoppingRule.Kind.VOTES,
                        needed,
                        alpha),
                seed,
                admission);
    }
}
