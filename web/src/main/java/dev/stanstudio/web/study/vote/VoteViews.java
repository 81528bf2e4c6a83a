package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.server.View;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.Ending;
import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.Withdrawal;
import io.javalin.http.Context;
import java.util.List;

/**
 * Holds the views of the voting pages: whole pages have a study's description beside their part.
 */
public final class VoteViews {
    private static final float SECONDS_PER_TRIAL = 7;

    private VoteViews() {}

    /**
     * The description of a study for its voters.
     *
     * @param base address of the study's voting
     * @param rater whether the visitor takes part and may withdraw
     * @param minutes duration of one rater's trials, about
     * @param hash SHA-256 of the plan
     */
    public record About(
            Texts texts,
            List<LanguageLink> languages,
            String base,
            boolean rater,
            StudySettings settings,
            int minutes,
            String hash) {
        /** Copies the list. */
        public About {
            languages = List.copyOf(languages);
        }

        static About of(Context ctx, Study study, boolean rater) {
            StudySettings settings = study.plan().settings();
            Texts texts = VoterTexts.of(ctx);
            return new About(
                    texts,
                    LanguageLink.menu(texts.language(), LanguageLink.kept(ctx)),
                    VotePath.of(study),
                    rater && !study.locked(),
                    settings,
                    Math.max(1, Math.round(settings.allTrials() * SECONDS_PER_TRIAL / 60)),
                    study.planHash());
        }

        /** Returns the study's title. */
        public String title() {
            return settings.title();
        }

        /** Returns the address that leads a rater to the personal link. */
        public String withdraw() {
            return base + VotePath.WITHDRAW;
        }
    }

    /**
     * The page of a study that takes no votes.
     *
     * @param back way back to the study's panel
     */
    public record Closed(About about, Ending ending, Panel.Way back) implements View {
        /** Returns the key of the sentence that says how the study ended. */
        public String reason() {
            return VoterTexts.ending(ending);
        }

        @Override
        public String template() {
            return "vote/closed.jte";
        }
    }

    /**
     * The page that asks for consent.
     *
     * @param invitation token of the link for one use; empty for the study's own link
     * @param panelId id that the study's panel gave the visitor; empty without one
     * @param invited whether the visitor may join
     * @param panel whether a panel sends the study's raters
     * @param lost whether the visitor had a place and lost it
     */
    public record Consent(
            About about,
            String invitation,
            String panelId,
            boolean invited,
            boolean panel,
            boolean lost)
            implements View {
        /** Name of the form's field with the panel's id. */
        static final String PANEL = "panel";

        /** Returns the key of the sentence for somebody who may not join. */
        public String refusal() {
            return panel ? "consent.panel.needed" : "consent.invitation";
        }

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
     * @param withdraw personal link that deletes the answers; empty once the study is locked
     * @param back way back to the study's panel
     */
    public record Thanks(
            Texts texts,
            int answered,
            boolean done,
            Ending ending,
            boolean late,
            String withdraw,
            Panel.Way back)
            implements View {
        /** Returns the key of the sentence that says why there is no further trial. */
        public String reason() {
            return done && !late ? "thanks.done" : VoterTexts.ending(ending);
        }

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
    public record Interrupted(Texts texts, int answered) implements View {
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
    public record NextTrial(Texts texts, TrialView trial, String notice) implements View {
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

    /**
     * The page of a personal link.
     *
     * @param answered number of answers that would be deleted
     * @param link the page's own address
     */
    public record Withdraw(About about, Withdrawal state, int answered, String link)
            implements View {
        @Override
        public String template() {
            return "vote/withdraw.jte";
        }
    }

    /** The page for a browser whose rater withdrew. */
    public record Withdrawn(About about) implements View {
        @Override
        public String template() {
            return "vote/withdrawn.jte";
        }
    }
}
