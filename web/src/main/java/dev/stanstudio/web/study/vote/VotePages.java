package dev.stanstudio.web.study.vote;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Audience;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.PageLanguage;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteWriter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Serves consent, trials, votes and thanks, under one link per study. */
public final class VotePages {
    private static final String ROOT = VotePath.ALL + "/{link}";
    private static final String PERSONAL = ROOT + VotePath.WITHDRAW + "/{code}";

    private final StudyStore store;
    private final PictureKeys keys = new PictureKeys();
    private final ViewLimit views = new ViewLimit();
    private final JoinLimit joins;
    private final Visit visit;
    private final TrialPages trials;
    private final Voting voting;
    private final Withdrawing withdrawing;

    /** Creates pages that read {@code store} and write through {@code writer}. */
    public VotePages(StudioContext studio, StudyStore store, VoteWriter writer) {
        this.store = store;
        this.joins = new JoinLimit(studio.clock());
        this.visit = new Visit(store);
        Completion completion = new Completion(store, studio.clock());
        this.trials = new TrialPages(studio, store, completion, keys, visit);
        this.voting = new Voting(studio, store, writer, completion, trials, visit);
        this.withdrawing = new Withdrawing(store, completion, visit);
    }

    /** Adds the routes, open to everybody who has the link. */
    public void register(RoutesConfig routes) {
        routes.before(VotePath.ALL + "/*", ctx -> PageLanguage.choose(ctx, VotePath.ALL));
        routes.get(ROOT, this::show, Audience.EVERYONE);
        routes.post(ROOT + "/join", this::join, Audience.EVERYONE);
        routes.post(ROOT + "/cast", voting::cast, Audience.EVERYONE);
        routes.post(ROOT + "/undo", voting::undo, Audience.EVERYONE);
        routes.get(ROOT + VotePath.WITHDRAW, withdrawing::lead, Audience.EVERYONE);
        routes.get(PERSONAL, withdrawing::ask, Audience.EVERYONE);
        routes.post(PERSONAL, withdrawing::withdraw, Audience.EVERYONE);
        routes.get(ROOT + "/picture/{key}", this::picture, Audience.EVERYONE);
    }

    private void show(Context ctx) {
        Study study = visit.study(ctx);
        Optional<Rater> rater = visit.rater(ctx, study);
        if (rater.isPresent()) {
            trials.show(ctx, study, rater.get(), Progress.of(store.rows(rater.get())), "");
        } else if (visit.withdrawn(ctx, study)) {
            Pages.show(ctx, new VoteViews.Withdrawn(VoteViews.About.of(ctx, study, false)));
        } else if (trials.closed(study)) {
            trials.close(ctx, study);
        } else {
            Pages.show(ctx, consent(ctx, study));
        }
    }

    private VoteViews.Consent consent(Context ctx, Study study) {
        String invitation =
                Visit.invitation(Objects.requireNonNullElse(ctx.queryParam(Visit.INVITATION), ""));
        boolean lost = visit.lostPlace(ctx, study);
        boolean invited =
                lost || !invitation.isEmpty() || !study.plan().settings().admitted().invitedOnly();
        boolean panel = store.panels().of(study).isPresent();
        String id = visit.panelId(ctx, study);
        return new VoteViews.Consent(
                VoteViews.About.of(ctx, study, false),
                invitation,
                id,
                invited && (!panel || lost || !id.isEmpty()),
                panel,
                lost);
    }

    private void join(Context ctx) {
        Study study = visit.study(ctx);
        joins.count(study, visit.address(ctx), VoterTexts.of(ctx));
        if (trials.closed(study)) {
            ctx.status(HttpStatus.GONE);
            trials.close(ctx, study);
            return;
        }
        if (visit.rater(ctx, study).isEmpty()) {
            visit.join(
                    ctx,
                    study,
                    Visit.invitation(Visit.form(ctx, Visit.INVITATION)),
                    Visit.form(ctx, VoteViews.Consent.PANEL));
        }
        ctx.redirect(VotePath.of(study), HttpStatus.SEE_OTHER);
    }

    private void picture(Context ctx) {
        Study study = visit.recentStudy(ctx);
        Rater rater = visit.requireRater(ctx, study);
        String key = ctx.pathParam("key");
        String file = keys.file(study, rater, key);
        if (file == null) {
            throw PageException.missing("there is no such picture");
        }
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=86400, immutable")
                .result(views.make(rater, () -> bytes(study, file, key)));
    }

    private byte[] bytes(Study study, String file, String key) {
        if (store.anyDamaged(study, List.of(file))) {
            throw unshown();
        }
        try {
            return ViewedPicture.of(store.folder(study.id()).resolve(file), study.secret(), key);
        } catch (IOException | UserException e) {
            PageException page = unshown();
            page.initCause(e);
            throw page;
        }
    }

    private static PageException unshown() {
        return new PageException(
                503,
                """
                a picture of this study cannot be shown at the moment; your answers are saved, so \
                come back later\
                """);
    }
}
