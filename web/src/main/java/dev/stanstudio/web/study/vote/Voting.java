package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.plan.Trial;
import dev.stanstudio.web.study.store.PendingVote;
import dev.stanstudio.web.study.store.PlaceLostException;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import dev.stanstudio.web.study.store.VoteWriter;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Takes answers and takes them back. Thread-safe. */
final class Voting {
    private final StudioContext studio;
    private final StudyStore store;
    private final VoteWriter writer;
    private final Completion completion;
    private final TrialPages trials;
    private final Visit visit;

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
        Ticket ticket = Ticket.open(study, rater, Visit.form(ctx, "ticket"));
        Moment now = Moment.now(studio.clock());
        long millis = ticket.shown().until(now);
        Trial showing = study.plan().raters().get(rater.slot()).get(ticket.position());
        int choice = choice(Visit.form(ctx, "choice"), showing, study);
        if (trials.closed(study)) {
            refuseLate(ctx, study, rater, ticket, choice);
            return;
        }
        if (millis != VoteRow.UNKNOWN_MILLIS && millis < study.plan().settings().minMillis()) {
            throw new PageException(425, "look at the pictures a moment longer, then answer");
        }
        String viewport = Visit.form(ctx, "viewport");
        PendingVote cast =
                new PendingVote(
                        rater,
                        ticket.position(),
                        ticket.revision(),
                        choice,
                        millis,
                        viewport.matches("[0-9x@.]{1,24}") ? viewport : "",
                        now.millis());
        VoteRow row =
                new VoteRow(
                        0,
                        rater.slot(),
                        cast.position(),
                        cast.revision(),
                        choice,
                        millis,
                        now.millis());
        answer(ctx, study, cast, Progress.after(row), "Saved.");
    }

    /** The vote that completed the study, sent again, is saved; any other comes too late. */
    private void refuseLate(Context ctx, Study study, Rater rater, Ticket ticket, int choice) {
        List<VoteRow> rows = store.rows(rater);
        boolean saved =
                !study.locked()
                        && StudyStore.standing(rows).stream()
                                .anyMatch(
                                        row ->
                                                row.position() == ticket.position()
                                                        && row.choice() == choice);
        if (!saved) {
            throw closed();
        }
        trials.show(ctx, study, rater, Progress.of(rows), "Saved.");
    }

    private static PageException closed() {
        return new PageException(
                410,
                "this study is closed: it has all the votes it needs, so nothing is added or"
                        + " taken back any more. What you answered before is saved; thank you");
    }

    void undo(Context ctx) {
        Study study = visit.recentStudy(ctx);
        if (visit.lostPlace(ctx, study)) {
            newPlace(ctx, study);
            return;
        }
        Rater rater = visit.requireRater(ctx, study);
        Ticket.open(study, rater, Visit.form(ctx, "ticket"));
        if (trials.closed(study)) {
            throw closed();
        }
        VoteRow last = Progress.of(store.rows(rater)).last();
        if (last == null) {
            throw new PageException(409, "there is no answer to take back");
        }
        if (last.revision() + 2 >= VoteRow.MAX_REVISIONS) {
            throw new PageException(
                    409, "this answer was taken back as often as it can be; it stands");
        }
        PendingVote cast =
                new PendingVote(
                        rater,
                        last.position(),
                        last.revision() + 1,
                        VoteRow.UNDONE,
                        0,
                        "",
                        studio.clock().millis());
        Progress progress = new Progress(last.position(), last.revision() + 2, null);
        answer(ctx, study, cast, progress, "Your last answer was taken back.");
    }

    /** Answers once the row is committed: with the next trial, or, without scripts, its address. */
    private void answer(Context ctx, Study study, PendingVote cast, Progress then, String told) {
        ctx.future(
                () ->
                        writer.append(cast)
                                .handle(
                                        (saved, failure) -> {
                                            answered(ctx, study, cast, then, told, failure);
                                            return null;
                                        }));
    }

    private void answered(
            Context ctx,
            Study study,
            PendingVote cast,
            Progress then,
            String told,
            @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure instanceof PlaceLostException) {
            newPlace(ctx, study);
            return;
        }
        if (failure != null) {
            throw failure instanceof CompletionException known
                    ? known
                    : new CompletionException(failure);
        }
        completion.changed(study);
        show(ctx, study, cast.rater(), then, told);
    }

    /** Goes on from the first trial of another row of the plan. */
    private void newPlace(Context ctx, Study study) {
        if (trials.closed(study)) {
            throw closed();
        }
        show(
                ctx,
                study,
                visit.join(ctx, study, ""),
                Progress.of(List.of()),
                "No answer came for a while, so your place went to somebody else. This is a new"
                        + " one; please answer from here.");
    }

    private void show(Context ctx, Study study, Rater rater, Progress progress, String told) {
        if (Pages.partial(ctx)) {
            trials.show(ctx, study, rater, progress, told);
        } else {
            ctx.redirect(Visit.base(study), HttpStatus.SEE_OTHER);
        }
    }

    private static int choice(String text, Trial showing, Study study) {
        int most = showing.pictures().size();
        int least = study.plan().settings().ties() ? 0 : 1;
        if (text.length() == 1 && text.charAt(0) >= '0' + least && text.charAt(0) <= '0' + most) {
            return text.charAt(0) - '0';
        }
        throw new PageException(400, "answer with a number from " + least + " to " + most);
    }
}
