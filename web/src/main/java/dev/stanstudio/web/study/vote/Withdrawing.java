package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.Withdrawal;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Deletes a rater's answers after asking again. Thread-safe. */
final class Withdrawing {
    private final StudyStore store;
    private final Completion completion;
    private final Visit visit;

    Withdrawing(StudyStore store, Completion completion, Visit visit) {
        this.store = store;
        this.completion = completion;
        this.visit = visit;
    }

    /** Leads the browser of a rater to the personal link. */
    void lead(Context ctx) {
        Study study = visit.study(ctx);
        ctx.redirect(
                visit.rater(ctx, study)
                        .map(rater -> VotePath.withdrawal(study, rater))
                        .orElse(VotePath.of(study)),
                HttpStatus.SEE_OTHER);
    }

    /** Asks whether the answers are to be deleted, or says why they cannot be. */
    void ask(Context ctx) {
        Study study = visit.study(ctx);
        Rater rater = rater(ctx, study);
        Withdrawal state = store.withdrawal(study, rater.id());
        int answered =
                state == Withdrawal.POSSIBLE ? StudyStore.standing(store.rows(rater)).size() : 0;
        Pages.show(
                ctx,
                new VoteViews.Withdraw(
                        VoteViews.About.of(ctx, study, false),
                        state,
                        answered,
                        VotePath.withdrawal(study, rater)));
    }

    /** Deletes the answers. */
    void withdraw(Context ctx) {
        Study study = visit.study(ctx);
        Rater rater = rater(ctx, study);
        store.withdraw(study, rater.id());
        completion.forget(study);
        ctx.redirect(VotePath.withdrawal(study, rater), HttpStatus.SEE_OTHER);
    }

    /** Returns the rater of the personal link, whose row of the plan does not matter. */
    private static Rater rater(Context ctx, Study study) {
        String id = VotePath.raterOf(study, ctx.pathParam("code"));
        if (id == null) {
            throw PageException.missing(VoterTexts.of(ctx).of("refusal.link"));
        }
        return new Rater(id, study.id(), 0);
    }
}
