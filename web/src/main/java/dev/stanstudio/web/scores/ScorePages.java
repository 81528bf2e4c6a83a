package dev.stanstudio.web.scores;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.report.Reading;
import dev.stanstudio.scoring.report.Report;
import dev.stanstudio.scoring.score.ResultJson;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobView;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.picture.GalleryFilter;
import dev.stanstudio.web.picture.GalleryTable;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.View;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The pages of scorings: the list, the form that begins one, and its results. */
public final class ScorePages {
    static final String ROOT = "/scores";

    private static final int MOST_JOBS = 60;
    private static final String MEANS = "means.csv";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Files that can be downloaded, with their content types. */
    private static final Map<String, String> FILES =
            Map.of(
                    "pictures.csv",
                    "text/csv; charset=utf-8",
                    "pictures.jsonl",
                    "application/jsonl; charset=utf-8",
                    ResultJson.FILE,
                    "application/json; charset=utf-8");

    private final StudioContext studio;
    private final CollectionCatalog collections;
    private final GalleryTable gallery;
    private final Jobs jobs;
    private final Path folder;

    /** The page of all scorings. */
    public record ListPage(Frame frame, List<JobView> running, List<JobView> done) implements View {
        @Override
        public String template() {
            return "scores/list.jte";
        }
    }

    /**
     * The form of a new scoring.
     *
     * @param chosen ids of the pictures chosen in the gallery; empty for all of them
     * @param all the number of pictures in the gallery
     * @param fitting whether the built-in collection was chosen because it has the pictures' styles
     */
    public record FormPage(
            Frame frame,
            FormValues form,
            List<String> chosen,
            int all,
            List<String> collections,
            boolean fitting,
            String problem)
            implements View {
        @Override
        public String template() {
            return "scores/new.jte";
        }

        /** Returns how many pictures are scored where none were chosen. */
        public String allWords() {
            return all > ScoreForm.MOST_PICTURES
                    ? "The newest %d of %d of the gallery".formatted(ScoreForm.MOST_PICTURES, all)
                    : "All %d of the gallery".formatted(all);
        }
    }

    /**
     * The means of one metric by style.
     *
     * @param hashes of adapters, shortened, by the method that uses one
     */
    public record StyleTable(ScoreView scores, String metric, Map<String, String> hashes)
            implements View {
        @Override
        public String template() {
            return "scores/styles.jte";
        }

        /** Returns the hash of a method's adapter; empty if it has none of its own. */
        public String hash(String method) {
            return hashes.getOrDefault(method, "");
        }
    }

    /**
     * The page of one scoring.
     *
     * @param reading what the numbers say
     */
    public record ScoresPage(Frame frame, String name, StyleTable table, Reading reading)
            implements View {
        @Override
        public String template() {
            return "scores/scores.jte";
        }

        public ScoreView scores() {
            return table.scores();
        }

        /** Returns the hash of a method's adapter; empty if it has none of its own. */
        public String hash(String method) {
            return table.hash(method);
        }

        /** Returns the answers as a part of the page. */
        public String answers() {
            return Report.answers(reading);
        }
    }

    ScorePages(StudioContext studio) {
        this.studio = studio;
        this.collections = new CollectionCatalog(studio.home());
        this.gallery = new GalleryTable(studio.database());
        this.jobs = new Jobs(studio);
        this.folder = studio.home().subfolder("scores");
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT, this::list);
        routes.get(ROOT + "/new", ctx -> empty(ctx, List.of()));
        routes.post(ROOT + "/new", ctx -> empty(ctx, ctx.formParams("id")));
        routes.post(ROOT, this::begin);
        routes.get(ROOT + "/{name}", this::show);
        routes.get(ROOT + "/{name}/{file}", this::file);
    }

    private void list(Context ctx) {
        List<JobView> views =
                jobs.newest(JobKind.SCORING, MOST_JOBS).stream().map(jobs::view).toList();
        Pages.show(
                ctx,
                new ListPage(
                        Frame.of(ctx, "Scores"),
                        views.stream().filter(job -> !job.isDone()).toList(),
                        views.stream().filter(JobView::isDone).toList()));
    }

    /** Shows the form for the first time, with the collection that fits the pictures. */
    private void empty(Context ctx, List<String> chosen) {
        boolean fitting = new StylesOfPictures(studio, gallery).areBuiltIn(chosen);
        FormValues form =
                fitting
                        ? new FormValues(Map.of("collection", CollectionCatalog.BUILT_IN))
                        : FormValues.EMPTY;
        form(ctx, form, chosen, fitting, "");
    }

    private void form(
            Context ctx, FormValues form, List<String> chosen, boolean fitting, String problem) {
        Pages.show(
                ctx,
                new FormPage(
                        Frame.of(ctx, "Score pictures"),
                        form,
                        chosen,
                        gallery.count(GalleryFilter.ALL),
                        collections.names(),
                        fitting,
                        problem));
    }

    private void begin(Context ctx) {
        FormValues form = FormValues.of(ctx);
        List<String> chosen = ctx.formParams("id").stream().distinct().toList();
        try {
            String id =
                    jobs.add(
                            new ScoreForm(studio, collections, form, chosen)
                                    .request(Visitor.of(ctx)));
            ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            String problem = Objects.requireNonNullElse(e.getMessage(), "that cannot work");
            form(ctx, form, chosen, false, problem);
        }
    }

    private Path own(Context ctx) {
        String name = ctx.pathParam("name");
        if (!name.matches(UUID) || !Files.exists(folder.resolve(name).resolve(ResultJson.FILE))) {
            throw PageException.missing("there are no such scores");
        }
        return folder.resolve(name);
    }

    private void show(Context ctx) {
        Path own = own(ctx);
        ScoreView view = ScoreView.read(own);
        String metric = Objects.toString(ctx.queryParam("metric"), "");
        boolean known = view.metrics().stream().anyMatch(m -> m.name().equals(metric));
        String chosen = known || view.metrics().isEmpty() ? metric : view.metrics().get(0).name();
        StyleTable table = new StyleTable(view, chosen, AdapterScores.hashes(own));
        if (Pages.partial(ctx)) {
            Pages.show(ctx, table);
            return;
        }
        Reading reading = Reading.of(ResultJson.read(own.resolve(ResultJson.FILE)));
        Pages.show(
                ctx,
                new ScoresPage(
                        Frame.of(ctx, title(own).orElse(reading.title())),
                        ctx.pathParam("name"),
                        table,
                        reading));
    }

    private Optional<String> title(Path own) {
        return jobs.newest(JobKind.SCORING, Integer.MAX_VALUE).stream()
                .map(Job::request)
                .filter(request -> request.folder().equals(own))
                .findFirst()
                .map(request -> request.title());
    }

    private void file(Context ctx) throws IOException {
        Path own = own(ctx);
        String name = ctx.pathParam("file");
        ctx.header("Cache-Control", "no-store");
        if (name.equals(Report.FILE) && Files.exists(own.resolve(name))) {
            // The report stands alone, with its styles and pictures inside it.
            ctx.header(
                            "Content-Security-Policy",
                            "default-src 'none'; img-src data:; style-src 'unsafe-inline';"
                                    + " frame-ancestors 'none'")
                    .contentType("text/html; charset=utf-8")
                    .result(Files.newInputStream(own.resolve(name)));
            return;
        }
        boolean means = name.equals(MEANS);
        if (!means && (!FILES.containsKey(name) || !Files.exists(own.resolve(name)))) {
            throw PageException.missing("there is no file " + name + " here");
        }
        ctx.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
        if (means) {
            ctx.contentType("text/csv; charset=utf-8").result(ScoreView.read(own).csv());
        } else {
            ctx.contentType(FILES.getOrDefault(name, "text/plain"))
                    .result(Files.newInputStream(own.resolve(name)));
        }
    }
}
