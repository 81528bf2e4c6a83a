package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.View;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.Ending;
import dev.stanstudio.web.study.store.Study;

/**
 * Holds the views of the voting pages: whole pages have a study's description beside their part.
 */
public final class VoteViews {
    private static final float SECONDS_PER_TRIAL = 7;

    private VoteViews() {}

    /**
     * The description of a study for its voters.
     *
     * @param trials trials of one rater
     * @param minutes their duration, about
     * @param hash SHA-256 of the plan
     */
    public record About(
            String title,
            String introduction,
            int trials,
            int minutes,
            boolean ties,
            String hash,
            Admission admission) {
        static About of(Study study) {
            StudySettings settings = study.plan().settings();
            return new About(
                    study.title(),
                    settings.introduction(),
                    settings.allTrials(),
                    Math.max(1, Math.round(settings.allTrials() * SECONDS_PER_TRIAL / 60)),
                    settings.ties(),
                    study.planHash(),
                    settings.admitted());
        }
    }

    /** The page of a study that takes no votes. */
    public record Closed(About about, Ending ending) implements View {
        @Override
        public String template() {
            return "vote/closed.jte";
        }
    }

    /**
     * The page that asks for consent.
     *
     * @param base address of the study's voting
     * @param invitation token of the link for one use; empty for the study's own link
     * @param invited whether the visitor may join
     * @param lost whether the visitor had a place and lost it
     */
    public record Consent(
            About about, String base, String invitation, boolean invited, boolean lost)
            implements View {
        @Override
        public String template() {
            return "vote/consent.jte";
        }
    }

    /**
     * The thanks after the last trial.
     *
     * @param answered number of saved answers
     * @param done whether every trial is answered
     * @param ending state of the study, which tells why there is no further trial
     * @param late whether an answer was sent that came too late
     */
    public record Thanks(int answered, boolean done, Ending ending, boolean late) implements View {
        @Override
        public String template() {
            return "vote/thanks.jte";
        }
    }

    /** The page around {@link Thanks}. */
    public record ThanksPage(About about, Thanks thanks) implements View {
        @Override
        public String template() {
            return "vote/finished.jte";
        }
    }

    /**
     * The notice that a picture is missing.
     *
     * @param answered number of saved answers
     */
    public record Interrupted(int answered) implements View {
        @Override
        public String template() {
            return "vote/interrupted.jte";
        }
    }

    /** The page around {@link Interrupted}. */
    public record InterruptedPage(About about, Interrupted interrupted) implements View {
        @Override
        public String template() {
            return "vote/stopped.jte";
        }
    }

    /**
     * A trial with a notice below it.
     *
     * @param notice text about the action before; may be empty
     */
    public record NextTrial(TrialView trial, String notice) implements View {
        @Override
        public String template() {
            return "vote/trial.jte";
        }
    }

    /** The page around {@link NextTrial}. */
    public record NextTrialPage(About about, NextTrial next) implements View {
        @Override
        public String template() {
            return "vote/page.jte";
        }
    }
}
