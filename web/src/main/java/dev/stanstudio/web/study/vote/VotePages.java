package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Audience;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.RateLimit;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.study.plan.Showing;
import dev.stanstudio.web.study.store.Cast;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import dev.stanstudio.web.study.store.VoteWriter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Consent, trials, votes and thanks, under one link per study. */
public final class VotePages {
    private static final String COOKIE = "voter";
    private static final int COOKIE_SECONDS = 60 * 24 * 3600;
    private static final int JOINS_PER_MINUTE = 300;
    private static final int TOKEN_BYTES = 24;
    private static final String ROOT = "/vote/{link}";

    private final Studio studio;
    private final StudyStore store;
    private final VoteWriter writer;
    private final Completion completion;
    private final PictureKeys keys = new PictureKeys();
    private final RateLimit joins;

    /** Pages over {@code store} that write through {@code writer}. */
    public VotePages(Studio studio, StudyStore store, VoteWriter writer) {
        this.studio = studio;
        this.store = store;
        this.writer = writer;
        this.completion = new Completion(store, studio.clock());
        this.joins = new RateLimit(JOINS_PER_MINUTE, studio.clock());
    }

    /** Adds the routes, open to everybody who has the link. */
    public void register(RoutesConfig routes) {
        routes.get(ROOT, this::show, Audience.EVERYONE);
        routes.post(ROOT + "/join", this::join, Audience.EVERYONE);
        routes.post(ROOT + "/cast", this::cast, Audience.EVERYONE);
        routes.post(ROOT + "/undo", this::undo, Audience.EVERYONE);
        routes.get(ROOT + "/picture/{key}", this::picture, Audience.EVERYONE);
    }

    private void show(Context ctx) {
        Study study = study(ctx);
        Optional<Rater> rater = rater(ctx, study);
        if (rater.isPresent()) {
            showTrial(ctx, study, rater.get(), Progress.of(store.rows(rater.get())), "");
        } else if (closed(study)) {
            page(ctx, study, "vote/closed.jte", Map.of());
        } else {
            page(ctx, study, "vote/consent.jte", Map.of("base", base(study)));
        }
    }

    private void join(Context ctx) {
        joins.count(ctx);
        Study study = study(ctx);
        if (closed(study)) {
            throw new PageException(410, "this study is closed; thank you for coming");
        }
        if (rater(ctx, study).isEmpty()) {
            String token = Signer.randomText(TOKEN_BYTES);
            String device = Objects.requireNonNullElse(ctx.userAgent(), "");
            store.join(study, token, device);
            Cookie cookie = new Cookie(COOKIE, token);
            cookie.setPath(base(study));
            cookie.setMaxAge(COOKIE_SECONDS);
            cookie.setHttpOnly(true);
            cookie.setSecure(ctx.scheme().equals("https"));
            cookie.setSameSite(SameSite.LAX);
            ctx.cookie(cookie);
        }
        ctx.redirect(base(study), HttpStatus.SEE_OTHER);
    }

    private void cast(Context ctx) {
        Study study = recentStudy(ctx);
        Rater rater = requireRater(ctx, study);
        Ticket ticket = Ticket.open(study, rater, form(ctx, "ticket"));
        long now = studio.clock().millis();
        long millis = now - ticket.issued();
        int choice = choice(form(ctx, "choice"), showing(study, rater, ticket.position()), study);
        if (millis < study.plan().settings().minMillis()) {
            throw new PageException(425, "look at the pictures a moment longer, then answer");
        }
        String viewport = form(ctx, "viewport");
        Cast cast =
                new Cast(
                        rater,
                        ticket.position(),
                        ticket.revision(),
                        choice,
                        millis,
                        viewport.matches("[0-9x@.]{1,24}") ? viewport : "",
                        now);
        VoteRow row =
                new VoteRow(0, rater.slot(), cast.position(), cast.revision(), choice, millis, now);
        answer(ctx, study, rater, cast, Progress.after(row), "Saved.");
    }

    private void undo(Context ctx) {
        Study study = recentStudy(ctx);
        Rater rater = requireRater(ctx, study);
        Ticket.open(study, rater, form(ctx, "ticket"));
        VoteRow last = Progress.of(store.rows(rater)).last();
        if (last == null) {
            throw new PageException(409, "there is no answer to take back");
        }
        Cast cast =
                new Cast(
                        rater,
                        last.position(),
                        last.revision() + 1,
                        VoteRow.UNDONE,
                        0,
                        "",
                        studio.clock().millis());
        Progress progress = new Progress(last.position(), last.revision() + 2, null);
        answer(ctx, study, rater, cast, progress, "Your last answer was taken back.");
    }

    /** Answers once the row is committed: with the next trial, or, without scripts, its address. */
    private void answer(
            Context ctx, Study study, Rater rater, Cast cast, Progress then, String told) {
        ctx.future(
                () ->
                        writer.append(cast)
                                .thenAccept(
                                        saved -> {
                                            if (Pages.partial(ctx)) {
                                                showTrial(ctx, study, rater, then, told);
                                            } else {
                                                ctx.redirect(base(study), HttpStatus.SEE_OTHER);
                                            }
                                        }));
    }

    private void showTrial(Context ctx, Study study, Rater rater, Progress progress, String told) {
        int count = study.plan().raters().get(rater.slot()).size();
        boolean done = progress.position() >= count;
        if (done || closed(study)) {
            Map<String, Object> model =
                    Map.of("answered", Math.min(progress.position(), count), "done", done);
            if (Pages.partial(ctx)) {
                Pages.show(ctx, "vote/thanks.jte", model);
            } else {
                page(ctx, study, "vote/finished.jte", model);
            }
            return;
        }
        TrialView trial = trial(study, rater, progress, count);
        Map<String, Object> model = Map.of("trial", trial, "told", told);
        if (Pages.partial(ctx)) {
            Pages.show(ctx, "vote/trial.jte", model);
        } else {
            page(ctx, study, "vote/page.jte", model);
        }
    }

    private TrialView trial(Study study, Rater rater, Progress progress, int count) {
        int position = progress.position();
        Showing showing = showing(study, rater, position);
        Ticket ticket = new Ticket(position, progress.revision(), studio.clock().millis());
        return new TrialView(
                base(study),
                ticket.sign(study, rater),
                position + 1,
                count,
                study.plan().settings().questions().get(showing.question()),
                study.plan().cells().get(study.plan().cellOf(showing)).prompt(),
                addresses(study, keys.pictures(study, rater, position)),
                addresses(study, keys.references(study, rater, position)),
                position + 1 < count
                        ? addresses(study, keys.pictures(study, rater, position + 1))
                        : List.of(),
                study.plan().settings().ties(),
                study.plan().settings().minMillis(),
                progress.last() != null,
                showing.role() == Showing.Role.TRAINING);
    }

    private void picture(Context ctx) throws IOException {
        Study study = recentStudy(ctx);
        Rater rater = requireRater(ctx, study);
        String file = keys.file(study, rater, ctx.pathParam("key"));
        if (file == null) {
            throw PageException.missing("there is no such picture");
        }
        Path path = store.folder(study.id()).resolve(file);
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=86400, immutable")
                .result(ViewedPicture.of(path, study.secret(), ctx.pathParam("key")));
    }

    private static List<String> addresses(Study study, List<String> keys) {
        return keys.stream().map(key -> base(study) + "/picture/" + key).toList();
    }

    private static Showing showing(Study study, Rater rater, int position) {
        return study.plan().raters().get(rater.slot()).get(position);
    }

    private static int choice(String text, Showing showing, Study study) {
        int most = showing.pictures().size();
        int least = study.plan().settings().ties() ? 0 : 1;
        if (text.length() == 1 && text.charAt(0) >= '0' + least && text.charAt(0) <= '0' + most) {
            return text.charAt(0) - '0';
        }
        throw new PageException(400, "answer with a number from " + least + " to " + most);
    }

    private boolean closed(Study study) {
        return study.locked() || completion.reached(study);
    }

    private Study study(Context ctx) {
        return found(store.byLink(ctx.pathParam("link")));
    }

    /** As it was a moment ago, for requests that a locked study refuses when they reach it. */
    private Study recentStudy(Context ctx) {
        return found(store.recentByLink(ctx.pathParam("link")));
    }

    private static Study found(Optional<Study> study) {
        return study.orElseThrow(
                () ->
                        PageException.missing(
                                "there is no study behind this link; check that it was"
                                        + " copied whole"));
    }

    private Optional<Rater> rater(Context ctx, Study study) {
        String token = ctx.cookie(COOKIE);
        return token == null ? Optional.empty() : store.rater(study, token);
    }

    private Rater requireRater(Context ctx, Study study) {
        return rater(ctx, study)
                .orElseThrow(
                        () ->
                                new PageException(
                                        403, "open the study's link and agree to take part first"));
    }

    private static String form(Context ctx, String name) {
        return Objects.requireNonNullElse(ctx.formParam(name), "");
    }

    private static String base(Study study) {
        return "/vote/" + study.link();
    }

    private static void page(Context ctx, Study study, String template, Map<String, Object> more) {
        Map<String, Object> model = new HashMap<>(more);
        model.put("about", new About(study));
        Pages.show(ctx, template, model);
    }

    /** What may be said about a study to its voters. */
    public record About(
            String title, String introduction, int trials, int minutes, boolean ties, String hash) {
        About(Study study) {
            this(
                    study.title(),
                    study.plan().settings().introduction(),
                    study.plan().settings().showings(),
                    Math.max(1, Math.round(study.plan().settings().showings() * 7 / 60f)),
                    study.plan().settings().ties(),
                    study.planHash());
        }
    }
}
