package dev.stanstudio.web.job;

import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.Feature;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.NavigationEntry;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.View;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The worker that runs jobs, and the page of each. */
public final class JobsFeature implements Feature {
    private static final int PLACE = 60;
    private static final String BADGE = "/jobs/badge";
    private static final int MOST_JOBS = 100;
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final Duration heartbeat;
    private @Nullable JobWorkers workers;
    private @Nullable JobChanges changes;

    /** Creates the feature with the usual heartbeat. */
    public JobsFeature() {
        this(HEARTBEAT);
    }

    /** Creates one whose worker counts as dead after four times {@code heartbeat} of silence. */
    public JobsFeature(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    @Override
    public Optional<NavigationEntry> navigation() {
        return Optional.of(new NavigationEntry(PLACE, "Jobs", "/jobs", BADGE));
    }

    @Override
    public void open(StudioContext studio, RoutesConfig routes) {
        Jobs jobs = new Jobs(studio);
        JobChanges opened = new JobChanges(studio);
        JobWorkers working = new JobWorkers(studio, jobs, heartbeat);
        changes = opened;
        workers = working;
        routes.sse("/jobs/events", opened::add);
        routes.get("/jobs", ctx -> all(ctx, jobs));
        routes.get(BADGE, ctx -> badge(ctx, jobs));
        routes.get("/jobs/{id}", ctx -> show(ctx, jobs));
        routes.get("/jobs/{id}/live", ctx -> part(ctx, jobs, JobViews.Live::new));
        routes.get("/jobs/{id}/card", ctx -> part(ctx, jobs, JobViews.Card::new));
        routes.get("/jobs/{id}/samples/{name}", ctx -> sample(ctx, jobs));
        action(routes, "cancel", jobs::cancel, "it has ended already");
        action(routes, "again", jobs::resume, "only failed and stopped jobs go on");
        routes.post("/jobs/{id}/dismiss", ctx -> dismiss(ctx, jobs));
        new JobApi(jobs, studio).register(routes);
        opened.start();
        working.start();
    }

    private static void all(Context ctx, Jobs jobs) {
        List<JobView> views = jobs.all(MOST_JOBS).stream().map(jobs::view).toList();
        List<JobViews.Group> groups =
                List.of(
                        group("Running", views, WorkState::isRunning),
                        group("Waiting", views, state -> state.isOpen() && !state.isRunning()),
                        group(
                                "Failed or stopped",
                                views,
                                state -> state.isFailed() || state.isCancelled()),
                        group("Done", views, WorkState::isDone));
        Pages.show(ctx, new JobViews.All(Frame.of(ctx, "Jobs"), groups));
    }

    private static JobViews.Group group(
            String title, List<JobView> jobs, Predicate<WorkState> states) {
        return new JobViews.Group(
                title, jobs.stream().filter(view -> states.test(view.job().state())).toList());
    }

    /** Answers with the numbers of jobs that run, wait and have failed. */
    private static void badge(Context ctx, Jobs jobs) {
        Map<String, Integer> counts = jobs.counts();
        Map<String, Integer> shown = new LinkedHashMap<>();
        for (WorkState state : List.of(WorkState.RUNNING, WorkState.QUEUED, WorkState.FAILED)) {
            shown.put(state.label(), counts.getOrDefault(state.label(), 0));
        }
        ctx.header("Cache-Control", "no-store").json(shown);
    }

    private static void dismiss(Context ctx, Jobs jobs) {
        Job job = job(ctx, jobs);
        if (job.request().kind().keepsFolder() || !jobs.dismiss(job.id())) {
            throw new PageException(409, "only failed and stopped jobs are dismissed");
        }
        ctx.redirect("/jobs", HttpStatus.SEE_OTHER);
    }

    private static void show(Context ctx, Jobs jobs) {
        JobView job = view(ctx, jobs);
        Pages.show(ctx, new JobViews.Page(Frame.of(ctx, job.title()), job));
    }

    private static void part(Context ctx, Jobs jobs, Function<JobView, View> part) {
        Pages.show(ctx, part.apply(view(ctx, jobs)));
    }

    private static Job job(Context ctx, Jobs jobs) {
        return jobs.get(ctx.pathParam("id"))
                .orElseThrow(() -> PageException.missing("there is no such job"));
    }

    private static JobView view(Context ctx, Jobs jobs) {
        return jobs.view(job(ctx, jobs));
    }

    private static void sample(Context ctx, Jobs jobs) throws IOException {
        Path folder = job(ctx, jobs).request().folder();
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=60")
                .result(Files.readAllBytes(SampleSheets.get(folder, ctx.pathParam("name"))));
    }

    private static void action(
            RoutesConfig routes, String name, Predicate<String> change, String otherwise) {
        routes.post(
                "/jobs/{id}/" + name,
                ctx -> {
                    String id = ctx.pathParam("id");
                    if (!change.test(id)) {
                        throw new PageException(409, "nothing changed: " + otherwise);
                    }
                    if (Pages.partial(ctx)) {
                        ctx.status(HttpStatus.NO_CONTENT);
                    } else {
                        ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
                    }
                });
    }

    @Override
    public void stopping() {
        JobChanges open = changes;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        stopping();
        JobWorkers open = workers;
        if (open != null) {
            workers = null;
            open.close();
        }
    }
}
