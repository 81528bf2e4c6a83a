package dev.stanstudio.web.job;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import java.util.function.Predicate;

/** Serves jobs to programs, as JSON. */
final class JobApi {
    private static final int MOST = 60;
    private static final Map<String, JobKind> LISTS =
            Map.of(
                    "/api/trainings", JobKind.TRAINING,
                    "/api/scorings", JobKind.SCORING,
                    "/api/analyses", JobKind.ANALYSIS);

    private final Jobs jobs;
    private final StudioContext studio;

    JobApi(Jobs jobs, StudioContext studio) {
        this.jobs = jobs;
        this.studio = studio;
    }

    void register(RoutesConfig routes) {
        LISTS.forEach((path, kind) -> routes.get(path, ctx -> list(ctx, kind)));
        routes.get("/api/jobs/{id}", ctx -> ctx.json(JobJson.of(job(ctx), studio.clock())));
        routes.post(
                "/api/jobs/{id}/cancel", ctx -> change(ctx, jobs::cancel, "it has ended already"));
        routes.post(
                "/api/jobs/{id}/again",
                ctx -> change(ctx, jobs::resume, "only failed and stopped jobs go on"));
    }

    private void list(Context ctx, JobKind kind) {
        ctx.json(
                jobs.newest(kind, MOST).stream()
                        .map(job -> JobJson.of(job, studio.clock()))
                        .toList());
    }

    private Job job(Context ctx) {
        return jobs.get(ctx.pathParam("id"))
                .orElseThrow(() -> PageException.missing("there is no such job"));
    }

    private void change(Context ctx, Predicate<String> change, String otherwise) {
        String id = job(ctx).id();
        if (!change.test(id)) {
            throw new PageException(409, "nothing changed: " + otherwise);
        }
        ctx.json(JobJson.of(job(ctx), studio.clock()));
    }
}
