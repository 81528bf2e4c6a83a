package dev.stanstudio.web.study.page;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.NetworkAddress;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.result.Endings;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.ResultView;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.InvitationLinks;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Serves the pages of a study's author. */
final class StudyPages {
    static final String ROOT = "/studies";

    /** Number of prompts that were left out of a study that was just made. */
    private static final String LEFT_OUT = "left-out";

    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,6}");

    private final StudyStore store;
    private final PickedPictures picked;
    private final Endings endings;

    StudyPages(StudyStore store, PickedPictures picked) {
        this.store = store;
        this.picked = picked;
        this.endings = new Endings(store);
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT, this::list);
        routes.get(ROOT + "/new", ctx -> form(ctx, Map.of(), ""));
        routes.post(ROOT + "/new", this::fromGallery);
        routes.post(ROOT, this::create);
        routes.get(ROOT + "/power", PowerCalculator::show);
        routes.post(ROOT + "/title", this::title);
        routes.post(ROOT + "/pictures", this::pictures);
        routes.get(ROOT + "/{id}", this::show);
        routes.get(ROOT + "/{id}/results", this::results);
        routes.post(ROOT + "/{id}/lock", this::lock);
        routes.post(ROOT + "/{id}/invitations", this::invite);
        new ReportPages(store).register(routes);
    }

    private void list(Context ctx) {
        List<StudyLine> lines =
                store.all().stream()
                        .map(
                                study ->
                                        new StudyLine(
                                                study,
                                                store.rowCount(study),
                                                store.raterCount(study),
                                                endings.of(study)))
                        .toList();
        Pages.show(ctx, new StudyViews.Listing(Frame.of(ctx, "Studies"), lines));
    }

    /** Shows the form for pictures that were chosen in the gallery. */
    private void fromGallery(Context ctx) {
        List<String> ids = ctx.formParams("id").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw new PageException(400, "choose pictures of two or more methods first");
        }
        Map<String, String> given = Map.of(StudyForm.PICTURES, String.join(",", ids));
        StudyForm.refuseControls(given);
        form(ctx, given, "");
    }

    private void form(Context ctx, Map<String, String> given, String problem) {
        StudyForm form = new StudyForm(given);
        StudyPictures material = null;
        String reason = problem;
        if (!form.pictures().isEmpty()) {
            try {
                material = picked.material(form.pictures());
            } catch (UserException e) {
                reason = Objects.requireNonNullElse(e.getMessage(), problem);
            }
        }
        Frame frame = Frame.of(ctx, "New study");
        Pages.show(ctx, new StudyViews.NewStudy(frame, form, reason, material));
    }

    private void create(Context ctx) {
        Map<String, String> given = fields(ctx);
        String made;
        try {
            StudyForm form = new StudyForm(given);
            StudyPictures material = form.material(picked);
            made = ROOT + "/" + form.make(store, material).id();
            if (material.incomplete() > 0) {
                made += "?" + LEFT_OUT + "=" + material.incomplete();
            }
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            form(ctx, given, Objects.requireNonNullElse(e.getMessage(), "that cannot be made"));
            return;
        }
        ctx.redirect(made, HttpStatus.SEE_OTHER);
    }

    /** Says which methods the title names, while it is typed. */
    private void title(Context ctx) {
        StudyForm form = new StudyForm(fields(ctx));
        List<String> methods = TitleCheck.methods(form, picked);
        Pages.show(
                ctx,
                new StudyViews.NamedInTitle(TitleCheck.named(form.value("title", ""), methods)));
    }

    /** Says which pictures of a folder or list would be compared, once it is named. */
    private void pictures(Context ctx) {
        StudyForm form = new StudyForm(fields(ctx));
        if (form.value("source", "").isBlank()) {
            ctx.result("");
            return;
        }
        try {
            Pages.show(ctx, new StudyViews.Material(form.material(picked)));
        } catch (UserException e) {
            Pages.show(ctx, new StudyViews.NoMaterial(String.valueOf(e.getMessage())));
        }
    }

    private static Map<String, String> fields(Context ctx) {
        Map<String, String> given = new HashMap<>();
        ctx.formParamMap().forEach((name, values) -> given.put(name, values.get(0)));
        StudyForm.refuseControls(given);
        return given;
    }

    private void show(Context ctx) {
        Study study = study(store, ctx);
        List<VoteRow> rows = store.rows(study);
        List<String> files =
                study.locked()
                        ? ReportFiles.present(ReportFiles.freeze(store, study.id()))
                        : List.of();
        StudyViews.Live live = live(study, rows);
        Pages.show(
                ctx,
                new StudyViews.Details(
                        Frame.of(ctx, study.title()),
                        live,
                        study.locked()
                                ? ResultView.of(
                                        study,
                                        live.result(),
                                        rows,
                                        file -> ReportPages.picture(study, file))
                                : null,
                        store.invited(study),
                        server(ctx) + "/vote/" + study.link(),
                        NetworkAddress.isLoopback(ctx.host()),
                        TitleCheck.named(study.title(), study.plan().methods()),
                        leftOut(ctx),
                        files));
    }

    private static int leftOut(Context ctx) {
        String count = Objects.requireNonNullElse(ctx.queryParam(LEFT_OUT), "");
        return COUNT.matcher(count).matches() ? Integer.parseInt(count) : 0;
    }

    /**
     * Returns the study that the address names.
     *
     * @throws PageException with status 404 if there is none
     */
    static Study study(StudyStore store, Context ctx) {
        String id = ctx.pathParam("id");
        return store.find(id).orElseThrow(() -> PageException.missing(StudyStore.unknown(id)));
    }

    private static String server(Context ctx) {
        return ctx.scheme() + "://" + ctx.host();
    }

    /** Makes links for one use and shows them once, on a page or as a file. */
    private void invite(Context ctx) {
        Study study = study(store, ctx);
        if (study.locked()) {
            throw new PageException(409, "this study is locked; it takes no more voters");
        }
        InvitationLinks links =
                InvitationLinks.of(server(ctx), study, store.invite(study, invited(ctx)));
        if (Objects.requireNonNullElse(ctx.formParam("as"), "").equals("csv")) {
            ctx.header("Cache-Control", "no-store")
                    .header(
                            "Content-Disposition",
                            "attachment; filename=\"invitations-%s.csv\"".formatted(study.id()))
                    .contentType("text/csv; charset=utf-8")
                    .result(links.csv());
            return;
        }
        Frame frame = Frame.of(ctx, "Invitations");
        Pages.show(ctx, new StudyViews.MadeInvitations(frame, study, links));
    }

    private static int invited(Context ctx) {
        String text = Objects.requireNonNullElse(ctx.formParam("count"), "").strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new PageException(
                    400, "the number of invitations, \"%s\", is no whole number".formatted(text));
        }
    }

    private void results(Context ctx) {
        Study study = study(store, ctx);
        Pages.show(ctx, live(study, store.rows(study)));
    }

    private StudyViews.Live live(Study study, List<VoteRow> rows) {
        return new StudyViews.Live(
                study,
                ReportFiles.result(store, study, rows),
                store.raterCount(study),
                store.withdrawnCount(study),
                RaterGroups.of(study.plan(), rows),
                store.damagedPictures(study));
    }

    private void lock(Context ctx) {
        String id = study(store, ctx).id();
        if (!store.lock(id)) {
            throw new PageException(
                    409,
                    "this study was locked already, perhaps by somebody else; reload the page");
        }
        ReportFiles.freeze(store, id);
        ctx.redirect(ROOT + "/" + id, HttpStatus.SEE_OTHER);
    }
}
