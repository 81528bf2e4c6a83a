package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.AnalysisFolder;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.web.job.JobJson;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.JsonBody;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Serves adapters to programs, as JSON, and begins their trainings and analyses. */
final class AdapterApi {
    private static final List<String> TRAINING =
            List.of(
                    "name",
                    "kind",
                    "collection",
                    "folder",
                    "preset",
                    "model",
                    "steps",
                    "batch",
                    "save_every",
                    "seed",
                    "lr",
                    "styles");
    private static final List<String> NUMBERS =
            List.of("steps", "batch", "save_every", "seed", "lr");
    private static final List<String> ANALYSIS = List.of("collection", "folder", "per_style");

    /** Begins the job of a form; returns its id. */
    interface Begin {
        String begin(FormValues form, String owner);
    }

    /** Begins the analysis of an adapter; returns its id. */
    interface Analysis {
        String begin(CatalogEntry.Usable adapter, FormValues form, String owner);
    }

    private final StudioContext studio;
    private final AdapterCatalog catalog;
    private final Analyses analyses;
    private final Jobs jobs;
    private final Begin training;
    private final Analysis analysis;

    AdapterApi(StudioContext studio, Begin training, Analysis analysis) {
        this.studio = studio;
        this.catalog = new AdapterCatalog(studio.home());
        this.analyses = new Analyses(studio.home());
        this.jobs = new Jobs(studio);
        this.training = training;
        this.analysis = analysis;
    }

    void register(RoutesConfig routes) {
        routes.get("/api/adapters", this::list);
        routes.get("/api/adapters/{name}", ctx -> ctx.json(json(entry(ctx))));
        routes.post("/api/trainings", this::train);
        routes.post("/api/adapters/{name}/analysis", this::analyse);
        routes.get("/api/adapters/{name}/analysis", this::features);
    }

    private void list(Context ctx) {
        ctx.json(catalog.all().stream().map(AdapterApi::json).toList());
    }

    private CatalogEntry entry(Context ctx) {
        return catalog.find(ctx.pathParam("name"))
                .orElseThrow(() -> PageException.missing("there is no such adapter"));
    }

    private CatalogEntry.Usable usable(Context ctx) {
        CatalogEntry entry = entry(ctx);
        return entry.usable()
                .orElseThrow(
                        () ->
                                new PageException(
                                        409, entry.name() + " cannot be used: " + entry.summary()));
    }

    private static Map<String, Object> json(CatalogEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", entry.name());
        json.put("usable", entry.usable().isPresent());
        entry.usable()
                .ifPresentOrElse(
                        own -> {
                            json.put("kind", own.kind());
                            json.put("parameters", own.parameters());
                            json.put("bytes", own.bytes());
                            json.put("sha256", own.sha256());
                            json.put("base", own.base());
                            json.put("modules", own.modules());
                            json.put("training", own.training());
                            json.put(
                                    "checkpoints",
                                    own.savedStates().stream().map(SavedState::step).toList());
                            json.put("not_applied", own.notApplied());
                        },
                        () -> json.put("problem", entry.summary()));
        return json;
    }

    private void train(Context ctx) {
        begun(
                ctx,
                training.begin(
                        JsonBody.of(ctx, TRAINING).numbers(NUMBERS).form(), Visitor.of(ctx)));
    }

    private void analyse(Context ctx) {
        CatalogEntry.Usable adapter = usable(ctx);
        FormValues given = JsonBody.of(ctx, ANALYSIS).numbers(List.of("per_style")).form();
        Map<String, String> form = new LinkedHashMap<>(given.given());
        form.put("per-style", given.text("per_style"));
        begun(ctx, analysis.begin(adapter, new FormValues(form), Visitor.of(ctx)));
    }

    private void begun(Context ctx, String id) {
        ctx.status(HttpStatus.CREATED)
                .json(jobs.get(id).map(job -> JobJson.of(job, studio.clock())).orElseThrow());
    }

    private void features(Context ctx) throws IOException {
        AnalysisFolder found =
                analyses.find(usable(ctx))
                        .orElseThrow(
                                () ->
                                        PageException.missing(
                                                "the features of this adapter are not read yet"));
        ctx.contentType("application/json")
                .result(Files.newInputStream(Analyses.file(found.folder())));
    }
}
