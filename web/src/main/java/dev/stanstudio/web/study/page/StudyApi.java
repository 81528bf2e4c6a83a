package dev.stanstudio.web.study.page;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.server.JsonBody;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.ReportFiles;
import dev.stanstudio.web.study.result.StudyResult;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Serves studies to programs, as JSON. */
final class StudyApi {
    private static final String ROOT = "/api/studies";
    private static final String QUESTIONS = "questions";

    /** The fields of the form by their names in JSON, where these differ. */
    private static final Map<String, String> RENAMED =
            Map.of(
                    "min_millis", "minMillis",
                    "invitations_only", "invitationsOnly",
                    "raters_per_address", "ratersPerAddress",
                    "joins_per_minute", "joinsPerMinute",
                    "idle_minutes", "idleMinutes",
                    "asked_by", "askedBy",
                    "minimum_age", "minimumAge");

    /** Boxes of the form: what is not ticked is not sent. Each with what it is when left out. */
    private static final Map<String, Boolean> BOXES =
            Map.of("ties", true, "invitations_only", false);

    private static final List<String> FIELDS =
            List.of(
                    "title",
                    "introduction",
                    StudyForm.PICTURES,
                    "source",
                    "styles",
                    QUESTIONS,
                    "arrangement",
                    "ties",
                    "stop",
                    "votes",
                    "trials",
                    "raters",
                    "repeats",
                    "checks",
                    "training",
                    "min_millis",
                    "seed",
                    "invitations_only",
                    "raters_per_address",
                    "joins_per_minute",
                    "idle_minutes",
                    "asked_by",
                    "contact",
                    "purpose",
                    "retention",
                    "publication",
                    "minimum_age");

    private static final List<String> NUMBERS =
            List.of(
                    "votes",
                    "trials",
                    "raters",
                    "repeats",
                    "checks",
                    "training",
                    "min_millis",
                    "seed",
                    "raters_per_address",
                    "joins_per_minute",
                    "idle_minutes",
                    "minimum_age");

    private static final Set<String> LISTS = Set.of(StudyForm.PICTURES, QUESTIONS);
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    private final StudyStore store;
    private final PickedPictures picked;

    StudyApi(StudyStore store, PickedPictures picked) {
        this.store = store;
        this.picked = picked;
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT, ctx -> ctx.json(store.all().stream().map(this::json).toList()));
        routes.post(ROOT, this::create);
        routes.get(ROOT + "/{id}", ctx -> ctx.json(json(study(ctx))));
        routes.post(ROOT + "/{id}/lock", this::lock);
        routes.get(ROOT + "/{id}/result", this::result);
    }

    private Study study(Context ctx) {
        String id = ctx.pathParam("id");
        return store.find(id).orElseThrow(() -> PageException.missing(StudyStore.unknown(id)));
    }

    private void create(Context ctx) {
        StudyForm form = new StudyForm(form(JsonBody.of(ctx, FIELDS, LISTS).numbers(NUMBERS)));
        StudyPictures material = form.material(picked);
        Map<String, Object> made = json(form.make(store, material));
        made.put("prompts_left_out", material.incomplete());
        made.put("prompts_that_differ", material.differing());
        ctx.status(HttpStatus.CREATED).json(made);
    }

    /** Returns the body as the page's form sends it. */
    private static Map<String, String> form(JsonBody body) {
        Map<String, String> given = new HashMap<>();
        body.form().given().forEach((name, value) -> given.put(renamed(name), value));
        given.putIfAbsent("title", "");
        BOXES.forEach((name, otherwise) -> tick(body, name, otherwise, given));
        List<String> questions =
                body.has(QUESTIONS)
                        ? body.texts(QUESTIONS)
                        : StudySettings.defaults(QUESTIONS).questions();
        if (questions.stream().anyMatch(LINE_BREAK.asPredicate())) {
            throw new ArgumentException("questions has a text of several lines; write each in one");
        }
        given.put(QUESTIONS, String.join("\n", questions));
        given.put(StudyForm.PICTURES, String.join(",", body.texts(StudyForm.PICTURES)));
        StudyForm.refuseControls(given);
        return given;
    }

    private static void tick(
            JsonBody body, String name, boolean otherwise, Map<String, String> given) {
        if (body.has(name) && !body.fields().path(name).isBoolean()) {
            throw new ArgumentException(name + " must be true or false");
        }
        if (body.fields().path(name).asBoolean(otherwise)) {
            given.put(renamed(name), "on");
        } else {
            given.remove(renamed(name));
        }
    }

    private static String renamed(String name) {
        return RENAMED.getOrDefault(name, name);
    }

    private Map<String, Object> json(Study study) {
        StudyResult result = ReportFiles.result(store, study, store.rows(study));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", study.id());
        json.put("title", study.title());
        json.put("plan_sha256", study.planHash());
        json.put("vote", "/vote/" + study.link());
        json.put("prompts", study.plan().cells().size());
        json.put("locked", study.locked());
        json.put("complete", result.complete());
        json.put("votes", store.rowCount(study));
        json.put("votes_towards_end", result.towards());
        json.put("places_for_votes", study.plan().settings().places());
        json.put("raters", store.raterCount(study));
        json.put("files", files(study));
        return json;
    }

    private List<String> files(Study study) {
        List<String> files = new ArrayList<>();
        if (study.locked()) {
            ReportFiles.present(ReportFiles.freeze(store, study.id()))
                    .forEach(name -> files.add("/studies/" + study.id() + "/report/" + name));
        }
        return files;
    }

    private void lock(Context ctx) {
        String id = study(ctx).id();
        if (!store.lock(id)) {
            throw new PageException(409, "this study was locked already");
        }
        ReportFiles.freeze(store, id);
        ctx.json(json(study(ctx)));
    }

    /** An open study's numbers are not for deciding when to stop. */
    private void result(Context ctx) throws IOException {
        Study study = study(ctx);
        if (!study.locked()) {
            throw new PageException(409, "this study is open; it has a result once it is locked");
        }
        Path file = ReportFiles.freeze(store, study.id()).resolve(ReportFiles.RESULT);
        if (!Files.isRegularFile(file)) {
            throw PageException.missing("this study's report is older and has no result as JSON");
        }
        ctx.contentType("application/json").result(Files.newInputStream(file));
    }
}
