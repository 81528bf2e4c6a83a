package dev.stanstudio.web.study.store;

import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.stats.RaterPower;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link StudyRequest}, beginning with the defaults. */
public final class StudyRequestBuilder {
    final String title;
    String introduction = "";
    List<String> questions;
    StudySettings.Arrangement arrangement;
    boolean ties;
    StoppingRule.Kind stop = StoppingRule.Kind.VOTES;
    double alpha = StoppingRule.DEFAULT_ALPHA;
    @Nullable Integer votes;
    @Nullable Integer trials;
    @Nullable Integer raters;
    int repeats;
    int checks;
    int training;
    int minMillis;
    long seed;
    @Nullable Path styles;
    Admission admission = Admission.DEFAULT;
    ConsentTerms consent = ConsentTerms.DEFAULT;

    StudyRequestBuilder(String title) {
        StudySettings defaults = StudySettings.defaults(title);
        this.title = title;
        questions = defaults.questions();
        arrangement = defaults.arrangement();
        ties = defaults.ties();
        repeats = defaults.repeats();
        checks = defaults.checks();
        training = defaults.training();
        minMillis = defaults.minMillis();
    }

    StudyRequestBuilder(StudyRequestBuilder other) {
        title = other.title;
        introduction = other.introduction;
        questions = other.questions;
        arrangement = other.arrangement;
        ties = other.ties;
        stop = other.stop;
        alpha = other.alpha;
        votes = other.votes;
        trials = other.trials;
        raters = other.raters;
        repeats = other.repeats;
        checks = other.checks;
        training = other.training;
        minMillis = other.minMillis;
        seed = other.seed;
        styles = other.styles;
        admission = other.admission;
        consent = other.consent;
    }

    /** Sets the text that voters read before they agree. */
    public StudyRequestBuilder introduction(String value) {
        introduction = value;
        return this;
    }

    /** Sets the questions, each of which gets trials of its own. */
    public StudyRequestBuilder questions(List<String> value) {
        questions = List.copyOf(value);
        return this;
    }

    /** Sets how many pictures a trial shows. */
    public StudyRequestBuilder arrangement(StudySettings.Arrangement value) {
        arrangement = value;
        return this;
    }

    /** Sets whether "no difference" is an answer. */
    public StudyRequestBuilder ties(boolean value) {
        ties = value;
        return this;
    }

    /** Sets the rule that ends the study. */
    public StudyRequestBuilder stop(StoppingRule.Kind value) {
        stop = value;
        return this;
    }

    /** Sets the error of the sequence that may end the study. */
    public StudyRequestBuilder alpha(double value) {
        alpha = value;
        return this;
    }

    /**
     * Sets the most votes that count. By default they are those of as many raters as find a share
     * of 65 % with 80 % probability, for every pair of methods and question, if the votes of one
     * rater correlate by {@link RaterPower#DEFAULT_CORRELATION}, by the rule that ends the study.
     */
    public StudyRequestBuilder votes(@Nullable Integer value) {
        votes = value;
        return this;
    }

    /** Sets the trials of each rater; by default 30, or all comparisons if they are fewer. */
    public StudyRequestBuilder trials(@Nullable Integer value) {
        trials = value;
        return this;
    }

    /** Sets the raters of the plan; by default twice as many as the votes take. */
    public StudyRequestBuilder raters(@Nullable Integer value) {
        raters = value;
        return this;
    }

    /** Sets the number of trials that are asked twice. */
    public StudyRequestBuilder repeats(int value) {
        repeats = value;
        return this;
    }

    /** Sets the number of trials with a spoiled picture. */
    public StudyRequestBuilder checks(int value) {
        checks = value;
        return this;
    }

    /** Sets the number of practice trials. */
    public StudyRequestBuilder training(int value) {
        training = value;
        return this;
    }

    /** Sets the minimum viewing time in milliseconds. */
    public StudyRequestBuilder minMillis(int value) {
        minMillis = value;
        return this;
    }

    /** Sets a number that old scripts give and that decides nothing. */
    public StudyRequestBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Sets a folder of reference pictures, or with a subfolder of them for each style. */
    public StudyRequestBuilder styles(@Nullable Path value) {
        styles = value;
        return this;
    }

    /** Sets the rules for admitting voters. */
    public StudyRequestBuilder admission(Admission value) {
        admission = value;
        return this;
    }

    /** Sets the facts that voters are told before they agree. */
    public StudyRequestBuilder consent(ConsentTerms value) {
        consent = value;
        return this;
    }

    /** Returns the request. */
    public StudyRequest build() {
        return new StudyRequest(new StudyRequestBuilder(this));
    }
}
