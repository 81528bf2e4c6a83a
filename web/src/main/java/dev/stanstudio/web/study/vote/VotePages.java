package dev.stanstudio.web.study.vote;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Audience;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteWriter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Consent, trials, votes and thanks, under one link per study. */
public final class VotePages {
    private static final String ROOT = "/vote/{link}";

    private final StudyStore store;
    private final PictureKeys keys = new PictureKeys();
    private final ViewLimit views = new ViewLimit();
    private final JoinLimit joins;
    private final Visit visit;
    private final TrialPages trials;
    private final Voting voting;

    /** Pages over {@code store} that write through {@code writer}. */
    public VotePages(StudioContext studio, StudyStore store, VoteWriter writer) {
        this.store = store;
        this.joins = new JoinLimit(studio.clock());
        this.visit = new Visit(store);
        Completion completion = new Completion(store, studio.clock());
        this.trials = new TrialPages(studio, store, completion, keys);
        this.voting = new Voting(studio, store, writer, completion, trials, visit);
    }

    /** Adds the routes, open to everybody who has the link. */
    public void register(RoutesConfig routes) {
        routes.get(ROOT, this::show, Audience.EVERYONE);
        routes.post(ROOT + "/join", this::join, Audience.EVERYONE);
        routes.post(ROOT + "/cast", voting::cast, Audience.EVERYONE);
        routes.post(ROOT + "/undo", voting::undo, Audience.EVERYONE);
        routes.get(ROOT + "/picture/{key}", this::picture, Audience.EVERYONE);
    }

    private void show(Context ctx) {
        Study study = visit.study(ctx);
        Optional<Rater> rater = visit.rater(ctx, study);
        if (rater.isPresent()) {
            trials.show(ctx, study, rater.get(), Progress.of(store.rows(rater.get())), "");
        } else if (trials.closed(study)) {
            Visit.page(ctx, study, "vote/closed.jte", Map.of());
        } else {
            String invitation =
                    Visit.invitation(
                            Objects.requireNonNullElse(ctx.queryParam(Visit.INVITATION), ""));
            boolean lost = visit.lostPlace(ctx, study);
            Visit.page(
                    ctx,
                    study,
                    "vote/consent.jte",
                    Map.of(
                            "base",
                            Visit.base(study),
                            "invitation",
                            invitation,
                            "invited",
                            lost
                                    || !invitation.isEmpty()
                                    || !study.plan().settings().admitted().invitedOnly(),
                            "lost",
                            lost));
        }
    }

    private void join(Context ctx) {
        Study study = visit.study(ctx);
        joins.count(study, visit.address(ctx));
        if (trials.closed(study)) {
            throw new PageException(410, "this study is closed; thank you for coming");
        }
        if (visit.rater(ctx, study).isEmpty()) {
            visit.join(ctx, study, Visit.invitation(Visit.form(ctx, Visit.INVITATION)));
        }
        ctx.redirect(Visit.base(study), HttpStatus.SEE_OTHER);
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
        try {
            return ViewedPicture.of(store.folder(study.id()).resolve(file), study.secret(), key);
        } catch (IOException | UserException e) {
            PageException told =
                    new PageException(
                            503,
                            "a picture of this study cannot be shown at the moment; your answers"
                                    + " are saved, so come back later");
            told.initCause(e);
            throw told;
        }
    }

    /** What may be said about a study to its voters. */
    public record About(
            String title,
            String introduction,
            int trials,
            int minutes,
            boolean ties,
            String hash,
            Admission admission) {
        About(Study study) {
            this(
                    study.title(),
                    study.plan().settings().introduction(),
                    study.plan().settings().showings(),
                    Math.max(1, Math.round(study.plan().settings().showings() * 7 / 60f)),
                    study.plan().settings().ties(),
                    study.planHash(),
                    study.plan().settings().admitted());
        }
    }
}
