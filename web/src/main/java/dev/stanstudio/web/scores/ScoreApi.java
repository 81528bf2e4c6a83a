package dev.stanstudio.web.scores;

import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.JobJson;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.JsonBody;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Begins scorings for programs. */
final class ScoreApi {
    private static final String PICTURES = "pictures";
    private static final String GRID = "grid";
    private static final List<String> FIELDS =
            List.of(PICTURES, GRID, "collection", "folder", "title");

    private final StudioContext studio;
    private final CollectionCatalog collections;
    private final Jobs jobs;

    ScoreApi(StudioContext studio) {
        this.studio = studio;
        this.collections = new CollectionCatalog(studio.home());
        this.jobs = new Jobs(studio);
    }

    void register(RoutesConfig routes) {
        routes.post("/api/scorings", this::begin);
    }

    private void begin(Context ctx) {
        JsonBody body = JsonBody.of(ctx, FIELDS, Set.of(PICTURES));
        Map<String, String> given = new HashMap<>(body.form().given());
        given.put("what", body.has(GRID) ? GRID : "gallery");
        ScoreForm form =
                new ScoreForm(studio, collections, new FormValues(given), body.texts(PICTURES));
        String id = jobs.add(form.request(Visitor.of(ctx)));
        ctx.status(HttpStatus.CREATED)
                .json(jobs.get(id).map(job -> JobJson.of(job, studio.clock())).orElseThrow());
    }
}
