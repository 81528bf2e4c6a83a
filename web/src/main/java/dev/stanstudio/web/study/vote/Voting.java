package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.PendingVote;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRefusedException;
import dev.stanstudio.web.study.store.VoteRow;
import dev.stanstudio.web.study.store.VoteWriter;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Records answers and takes them back. Thread-safe. */
final class Voting {
    private static final String SAVED = "notice.saved";
    private static final Pattern CHOICE = Pattern.compile("0|[1-9][0-9]{0,3}");
    private static final Pattern VIEWPORT = Pattern.compile("[0-9x@.]{1,24}");

    private final StudioContext studio;
    private final StudyStore store;
    private final VoteWriter writer;
    private final Completion completion;
    private final TrialPages trials;
    private final Visit visit;

    /**
     * A vote and the answer to the voter after its commit.
     *
     * @param next the trial to show
     * @param notice key of the text below it
     */
    private record Answer(Study study, PendingVote vote, Progress next, String notice) {}

    Voting(
            StudioContext studio,
            StudyStore store,
            VoteWriter writer,
            Completion completion,
            TrialPages trials,
            Visit visit) {
        this.studio = studio;
        this.store = store;
        this.writer = writer;
        this.completion = completion;
        this.trials = trials;
        this.visit = visit;
    }

    void cast(Context ctx) {
        Study study = visit.recentStudy(ctx);
        if (visit.lostPlace(ctx, study)) {
            newPlace(ctx, study);
            return;
        }
        Rater rater = visit.requireRater(ctx, study);
        Texts texts = VoterTexts.of(ctx);
        Ticket ticket = Ticket.open(study, rater, Visit.form(ctx, "ticket"), texts);
        Moment now = Moment.now(studio.clock());
        Trial trial = study.plan().raters().get(rater.slot()).get(ticket.position());
        int choice = choice(ctx, trial, study);
        if (trials.closed(study)) {
            refuseLate(ctx, study, rater, ticket, choice);
            return;
        }
        PendingVote vote =
                new PendingVote(
                        rater,
                        ticket.position(),
                        ticket.revision(),
                        choice,
                        viewingMillis(study, ticket.shown().until(now), texts),
                        viewport(ctx),
                        now.time().toEpochMilli());
        write(ctx, new Answer(study, vote, Progress.after(vote.row()), SAVED));
    }

    /**
     * Returns the viewing time as it is stored.
     *
     * @throws PageException if it is shorter than the study's minimum
     */
    private static long viewingMillis(Study study, Optional<Duration> viewed, Texts texts) {
        long millis = viewed.map(Duration::toMillis).orElse(VoteRow.UNKNOWN_MILLIS);
        if (millis != VoteRow.UNKNOWN_MILLIS && millis < study.plan().settings().minMillis()) {
            throw new PageException(425, texts.of("refusal.early"));
        }
        return millis;
    }

    private static String viewport(Context ctx) {
        String viewport = Visit.form(ctx, "viewport");
        return VIEWPORT.matcher(viewport).matches() ? viewport : "";
    }

    /** Acknowledges the vote that completed the study if it is sent again; refuses any other. */
    private void refuseLate(Context ctx, Study study, Rater rater, Ticket ticket, int choice) {
        List<VoteRow> rows = store.rows(rater);
        boolean saved = stands(rows, ticket.position(), choice);
        if (study.locked() || !saved) {
            end(ctx, study, rater, !saved);
            return;
        }
        trials.show(ctx, study, rater, Progress.of(rows), VoterTexts.of(ctx).of(SAVED));
    }

    /** Returns whether an answer that is sent is stored already, since it was sent before. */
    private static boolean stands(List<VoteRow> rows, int position, int choice) {
        return StudyStore.standing(rows).stream()
                .anyMatch(row -> row.position() == position && row.choice() == choice);
    }

    void undo(Context ctx) {
        Study study = visit.recentStudy(ctx);
        if (visit.lostPlace(ctx, study)) {
            newPlace(ctx, study);
            return;
        }
        Rater rater = visit.requireRater(ctx, study);
        Texts texts = VoterTexts.of(ctx);
        Ticket.open(study, rater, Visit.form(ctx, "ticket"), texts);
        if (trials.closed(study)) {
            end(ctx, study, rater, false);
            return;
        }
        Progress current = Progress.of(store.rows(rater));
        VoteRow last = current.last();
        // Of somebody who has answered everything nothing is taken back: it would not count.
        if (last == null || trials.done(study, rater, current)) {
            leadOn(ctx, study, rater, "notice.undo.none");
            return;
        }
        if (last.revision() + 2 >= VoteRow.MAX_REVISIONS) {
            leadOn(ctx, study, rater, "notice.undo.often");
            return;
        }
        PendingVote vote =
                new PendingVote(
                        rater,
                        last.position(),
                        last.revision() + 1,
                        VoteRow.UNDONE,
                        0,
                        "",
                        studio.clock().millis());
        Progress next = new Progress(last.position(), last.revision() + 2, null);
        write(ctx, new Answer(study, vote, next, "notice.undone"));
    }

    /** Appends the vote and answers the request once it is committed. */
    private void write(Context ctx, Answer answer) {
        ctx.future(
                () ->
                        writer.append(answer.vote())
                                .handle(
                                        (saved, failure) -> {
                                            finish(ctx, answer, failure);
                                            return null;
                                        }));
    }

    private void finish(Context ctx, Answer answer, @Nullable Throwable failure) {
        if (failure instanceof VoteRefusedException refusal) {
            refused(ctx, answer, refusal);
            return;
        }
        if (failure != null) {
            throw new CompletionException(failure);
        }
        completion.changed(answer.study());
        Study study = answer.study();
        Rater rater = answer.vote().rater();
        // In another tab an earlier trial may have been opened again, or a later one answered.
        boolean elsewhere =
                answer.vote().revision() > 0 || trials.done(study, rater, answer.next());
        Progress next = elsewhere ? Progress.of(store.rows(rater)) : answer.next();
        show(ctx, study, rater, next, answer.notice());
    }

    /** Leads a voter on whose vote was refused: no page ends in buttons that do nothing. */
    private void refused(Context ctx, Answer answer, VoteRefusedException refusal) {
        Rater rater = answer.vote().rater();
        switch (refusal.reason()) {
            case PLACE_LOST -> newPlace(ctx, answer.study());
            case ANSWERED -> leadOn(ctx, answer.study(), rater, "notice.answered");
            case LOCKED -> end(ctx, store.byId(answer.study().id()), rater, lost(answer.vote()));
            case NOT_SAVED -> throw Refusals.unsaved(VoterTexts.of(ctx), refusal);
        }
    }

    /** Returns whether a refused vote was an answer, and one that is not stored already. */
    private boolean lost(PendingVote vote) {
        return vote.choice() != VoteRow.UNDONE
                && !stands(store.rows(vote.rater()), vote.position(), vote.choice());
    }

    /** Shows where the voter is by now, with the text of the key {@code notice} below. */
    private void leadOn(Context ctx, Study study, Rater rater, String notice) {
        ctx.status(HttpStatus.CONFLICT);
        show(ctx, study, rater, Progress.of(store.rows(rater)), notice);
    }

    /** Shows the thanks of a study that is closed; a lost answer is told without scripts too. */
    private void end(Context ctx, Study study, Rater rater, boolean late) {
        ctx.status(HttpStatus.GONE);
        if (late || Pages.partial(ctx)) {
            trials.thank(ctx, study, rater, Progress.of(store.rows(rater)), late);
        } else {
            ctx.redirect(VotePath.of(study), HttpStatus.SEE_OTHER);
        }
    }

    /** Shows the first trial of another row of the plan; the end of a study that has none left. */
    private void newPlace(Context ctx, Study study) {
        if (trials.closed(study)) {
            ctx.status(HttpStatus.GONE);
            trials.close(ctx, study);
            return;
        }
        Rater rater = visit.join(ctx, study, "", "");
        show(ctx, study, rater, Progress.of(List.of()), "notice.place");
    }

    /**
     * Shows a trial to the page's script; a browser without scripts is sent to its address.
     *
     * @param notice key of the text below
     */
    private void show(Context ctx, Study study, Rater rater, Progress next, String notice) {
        if (Pages.partial(ctx)) {
            trials.show(ctx, study, rater, next, VoterTexts.of(ctx).of(notice));
        } else {
            ctx.redirect(VotePath.of(study), HttpStatus.SEE_OTHER);
        }
    }

    private static int choice(Context ctx, Trial trial, Study study) {
        String text = Visit.form(ctx, "choice");
        int most = trial.pictures().size();
        int least = study.plan().settings().ties() ? 0 : 1;
        int choice = CHOICE.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (choice >= least && choice <= most) {
            return choice;
        }
        throw new PageException(400, VoterTexts.of(ctx).of("refusal.choice", least, most));
    }
}
