package dev.stanstudio.web.study.page;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.stats.Power;
import dev.stanstudio.web.study.stats.RaterPower;
import dev.stanstudio.web.study.store.InvitationLinks;
import dev.stanstudio.web.study.store.RaterGroups;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import dev.stanstudio.web.study.store.VoteRow;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The pages of whoever runs studies. */
final class StudyPages {
    static final String ROOT = "/studies";

    private final StudyStore store;
    private final PickedPictures picked;

    StudyPages(StudyStore store, PickedPictures picked) {
        this.store = store;
        this.picked = picked;
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT, this::list);
        routes.get(ROOT + "/new", ctx -> form(ctx, Map.of(), ""));
        routes.post(ROOT + "/new", this::fromGallery);
        routes.post(ROOT, this::create);
        routes.get(ROOT + "/power", StudyPages::power);
        routes.get(ROOT + "/{id}", this::show);
        routes.get(ROOT + "/{id}/results", this::results);
        routes.post(ROOT + "/{id}/lock", this::lock);
        routes.post(ROOT + "/{id}/invitations", this::invite);
        routes.get(ROOT + "/{id}/report/{file}", this::file);
    }

    private void list(Context ctx) {
        List<StudyLine> lines =
                store.all().stream()
                        .map(
                                study ->
                                        new StudyLine(
                                                study,
                                                store.rowCount(study),
                                                store.raterCount(study)))
                        .toList();
        Pages.show(
                ctx, "study/list.jte", Map.of("frame", Frame.of(ctx, "Studies"), "lines", lines));
    }

    /** The form about pictures that were ticked in the gallery. */
    private void fromGallery(Context ctx) {
        List<String> ids = ctx.formParams("id");
        if (ids.isEmpty()) {
            throw new PageException(400, "choose pictures of two or more methods first");
        }
        Map<String, String> given = Map.of(StudyForm.PICTURES, String.join(",", ids));
        StudyForm.refuseControls(given);
        form(ctx, given, "");
    }

    private void form(Context ctx, Map<String, String> given, String problem) {
        StudyForm form = new StudyForm(given);
        Map<String, Object> model = new HashMap<>();
        model.put("frame", Frame.of(ctx, "New study"));
        model.put("form", form);
        model.put("problem", problem);
        if (!form.pictures().isEmpty()) {
            try {
                model.put("material", picked.material(form.pictures()));
            } catch (UserException e) {
                model.put("problem", Objects.requireNonNullElse(e.getMessage(), problem));
            }
        }
        Pages.show(ctx, "study/new.jte", model);
    }

    private void create(Context ctx) {
        Map<String, String> given = new HashMap<>();
        ctx.formParamMap().forEach((name, values) -> given.put(name, values.get(0)));
        StudyForm.refuseControls(given);
        Study study;
        try {
            study = new StudyForm(given).make(store, picked);
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            form(ctx, given, Objects.requireNonNullElse(e.getMessage(), "that cannot be made"));
            return;
        }
        ctx.redirect(ROOT + "/" + study.id(), HttpStatus.SEE_OTHER);
    }

    private void show(Context ctx) {
        Study study = store.byId(ctx.pathParam("id"));
        Map<String, Object> model = model(study);
        model.put("frame", Frame.of(ctx, study.title()));
        model.put(
                "files",
                study.locked()
                        ? ReportFiles.present(ReportFiles.freeze(store, study.id()))
                        : List.of());
        model.put("link", server(ctx) + "/vote/" + study.link());
        Pages.show(ctx, "study/study.jte", model);
    }

    private static String server(Context ctx) {
        return ctx.scheme() + "://" + ctx.host();
    }

    /** Makes links for one use: as a page that shows them once, or as a file. */
    private void invite(Context ctx) {
        Study study = store.byId(ctx.pathParam("id"));
        if (study.locked()) {
            throw new PageException(409, "this study is locked; it takes no more voters");
        }
        InvitationLinks links =
                InvitationLinks.of(server(ctx), study, store.invite(study, invited(ctx)));
        if (Objects.requireNonNullElse(ctx.formParam("as"), "").equals("csv")) {
            ctx.header("Cache-Control", "no-store")
                    .header(
                            "Content-Disposition",
                            "attachment; filename=\"invitations-" + study.id() + ".csv\"")
                    .contentType("text/csv; charset=utf-8")
                    .result(links.csv());
            return;
        }
        Pages.show(
                ctx,
                "study/invitations.jte",
                Map.of("frame", Frame.of(ctx, "Invitations"), "study", study, "links", links));
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
        Map<String, Object> model = model(store.byId(ctx.pathParam("id")));
        model.remove("invitations");
        Pages.show(ctx, "study/live.jte", model);
    }

    private Map<String, Object> model(Study study) {
        List<VoteRow> rows = store.rows(study);
        StudyResult result = ReportFiles.result(store, study, rows);
        Map<String, Object> model = new HashMap<>();
        model.put("study", study);
        model.put("result", result);
        model.put("raters", store.raterCount(study));
        model.put("groups", RaterGroups.of(study.plan(), rows));
        model.put("invitations", store.invited(study));
        model.put("damaged", store.damagedPictures(study));
        return model;
    }

    private void lock(Context ctx) {
        String id = ctx.pathParam("id");
        if (!store.lock(id)) {
            throw new PageException(
                    409,
                    "this study was locked already, perhaps by somebody else; reload the page");
        }
        ReportFiles.freeze(store, id);
        ctx.redirect(ROOT + "/" + id, HttpStatus.SEE_OTHER);
    }

    private void file(Context ctx) throws IOException {
        String name = ctx.pathParam("file");
        Path report = ReportFiles.freeze(store, ctx.pathParam("id"));
        if (!ReportFiles.present(report).contains(name)) {
            throw PageException.missing("a report has no file " + name);
        }
        boolean page = name.equals(ReportFiles.PAGE);
        if (page) {
            // The report stands alone, with its styles inside it.
            ctx.header(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        } else {
            ctx.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
        }
        ctx.contentType(page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
                .result(Files.readAllBytes(report.resolve(name)));
    }

    /** Computes the raters and votes that find a share, for the form. */
    private static void power(Context ctx) {
        double share = percent(ctx.queryParam("share"), 65);
        double power = percent(ctx.queryParam("power"), 80);
        double each = Math.floor(number(ctx.queryParam("each"), 20));
        double spread = percent(ctx.queryParam("spread"), 20);
        boolean known =
                share >= 0.51
                        && share <= 0.99
                        && power >= 0.5
                        && power <= 0.99
                        && each >= 1
                        && each <= 500
                        && spread >= 0
                        && spread <= 0.95;
        Pages.show(
                ctx,
                "study/power.jte",
                Map.of(
                        "answer",
                        known
                                ? power(new RaterPower(share, each, spread), power)
                                : "Give a share between 51 and 99 %, a power between 50 and 99 %,"
                                        + " 1 to 500 votes and a correlation of 0 to 95 %."));
    }

    private static String power(RaterPower plan, double power) {
        int raters = plan.raters(StoppingRule.DEFAULT_ALPHA, power);
        if (raters >= RaterPower.MOST) {
            return RaterPower.MOST + " voters or more; ask for a larger share or less power.";
        }
        return raters
                + " voters with "
                + Math.round(plan.votesPerRater())
                + " decisive votes each, "
                + Math.round(raters * plan.votesPerRater())
                + " together, find it in "
                + Math.round(100 * power)
                + " of 100 studies (unit: voter, 5 %). Were votes independent, "
                + Power.votesFromWhichOn(plan.share(), StoppingRule.DEFAULT_ALPHA, power)
                + " votes would do. Ties and voters who are left out come on top.";
    }

    private static double percent(@Nullable String text, double otherwise) {
        return number(text, otherwise) / 100;
    }

    private static double number(@Nullable String text, double otherwise) {
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
