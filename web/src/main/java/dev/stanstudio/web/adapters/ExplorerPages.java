package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.analysis.AnalysisFolder;
import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.adapter.analysis.LayerStatistics;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobCommand;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.job.OrderedInput;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.library.ModelNames;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The explorer of an adapter's features. */
public final class ExplorerPages {
    private static final String ROOT = "/adapters/{name}/features";

    /** More points at once cannot be told apart. */
    private static final int MOST_POINTS = 6_000;

    private static final int SPECIFIC = 44;
    private static final int SIDE = 192;
    private static final String PER_STYLE = "12";

    private final StudioContext studio;
    private final AdapterCatalog catalog;
    private final ModelNames models;
    private final CollectionCatalog collections;
    private final Analyses analyses;
    private final Jobs jobs;

    ExplorerPages(StudioContext studio) {
        this.studio = studio;
        this.catalog = new AdapterCatalog(studio.home());
        this.models = new ModelNames(studio.work());
        this.collections = new CollectionCatalog(studio.home());
        this.analyses = new Analyses(studio.home());
        this.jobs = new Jobs(studio);
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT, this::show);
        routes.post(ROOT, this::analyse);
        routes.get(ROOT + "/{id}", this::feature);
        routes.get(ROOT + "/{id}/card", ctx -> Pages.show(ctx, new ExplorerViews.Card(view(ctx))));
        routes.get(ROOT + "/{id}/{rank}-heat.png", ctx -> picture(ctx, true));
        routes.get(ROOT + "/{id}/{rank}.png", ctx -> picture(ctx, false));
    }

    private CatalogEntry.Usable entry(Context ctx) {
        return catalog.usable(ctx.pathParam("name"))
                .orElseThrow(() -> PageException.missing("there is no such adapter"));
    }

    private void show(Context ctx) {
        CatalogEntry.Usable entry = entry(ctx);
        Optional<AnalysisFolder> found = analyses.find(entry);
        if (found.isPresent()) {
            explore(ctx, entry, found.get());
            return;
        }
        Optional<Job> pending = jobs.pendingIn(analyses.folder(entry));
        if (pending.isPresent()) {
            ctx.redirect(pending.get().address(), HttpStatus.SEE_OTHER);
        } else {
            form(ctx, entry, FormValues.EMPTY, "");
        }
    }

    private void form(Context ctx, CatalogEntry.Usable entry, FormValues form, String problem) {
        Pages.show(
                ctx,
                new ExplorerViews.FormPage(
                        Frame.of(ctx, "Features of " + entry.name()),
                        entry.name(),
                        form,
                        collections.names(),
                        PER_STYLE,
                        problem));
    }

    private void analyse(Context ctx) {
        CatalogEntry.Usable entry = entry(ctx);
        FormValues form = FormValues.of(ctx);
        try {
            String id = begin(entry, form, Visitor.of(ctx));
            ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            form(ctx, entry, form, Objects.requireNonNullElse(e.getMessage(), "that cannot work"));
        }
    }

    /**
     * Begins the analysis of an adapter.
     *
     * @return the id of its job
     * @throws UserException that says what to change
     */
    String begin(CatalogEntry.Usable entry, FormValues form, String owner) {
        return jobs.add(request(owner, entry, form));
    }

    private JobRequest request(String owner, CatalogEntry.Usable entry, FormValues form) {
        CollectionCatalog.Choice data =
                collections.choose(form.text("collection"), form.text("folder"));
        String each = form.whole("per-style", "pictures of each style", 1);
        Path folder = analyses.folder(entry);
        List<JobCommand> commands = new ArrayList<>(data.before());
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "adapter",
                                "analyze",
                                entry.path().toString(),
                                "--data",
                                data.path().toString(),
                                "--per-style",
                                each.isEmpty() ? PER_STYLE : each,
                                "--maps",
                                "--out",
                                folder.toString()));
        // A model that was given by its path is not found under its recorded name.
        models.resolve(entry.base())
                .ifPresent(model -> arguments.addAll(List.of("--model", model)));
        if (studio.work().device() != null) {
            arguments.addAll(List.of("--device", studio.work().device()));
        }
        // A result that is there already may be of another adapter, by an earlier version.
        commands.add(
                new JobCommand(
                        arguments,
                        null,
                        false,
                        List.of(
                                OrderedInput.adapter(
                                        entry.path(), entry.sha256(), entry.settingsSha256()))));
        return new JobRequest(
                owner,
                JobKind.ANALYSIS,
                "Reading the features of " + entry.name(),
                commands,
                folder,
                "/adapters/" + entry.name() + "/features");
    }

    private void explore(Context ctx, CatalogEntry.Usable entry, AnalysisFolder folder) {
        FeatureAnalysis analysis = folder.analysis();
        List<LayerStatistics> image =
                analysis.layers().stream().filter(l -> l.stream().equals("image")).toList();
        List<LayerStatistics> all = image.isEmpty() ? analysis.layers() : image;
        int style = analysis.styles().indexOf(Objects.toString(ctx.queryParam("style"), ""));
        String wanted = layer(ctx, all);
        List<LayerStatistics> chosen =
                wanted.isEmpty()
                        ? all
                        : analysis.layers().stream().filter(l -> l.layer().equals(wanted)).toList();
        ExplorerViews.Chart chart =
                new ExplorerViews.Chart(
                        Scatter.of(analysis, chosen, style),
                        entry.name(),
                        wanted,
                        style < 0 ? "" : analysis.styles().get(style));
        if (Pages.partial(ctx)) {
            Pages.show(ctx, chart);
            return;
        }
        Pages.show(
                ctx,
                new ExplorerViews.ListPage(
                        Frame.of(ctx, "Features of " + entry.name()),
                        analysis,
                        all,
                        specific(entry.name(), folder),
                        chart,
                        points(all) <= MOST_POINTS));
    }

    private static long points(List<LayerStatistics> layers) {
        return layers.stream().mapToLong(layer -> layer.features().size()).sum();
    }

    /**
     * Returns the requested layer; without one, the first of very many or empty for all of a few.
     */
    private static String layer(Context ctx, List<LayerStatistics> all) {
        String wanted = Objects.toString(ctx.queryParam("layer"), "");
        boolean known = all.stream().anyMatch(layer -> layer.layer().equals(wanted));
        return known ? wanted : points(all) > MOST_POINTS ? all.get(0).layer() : "";
    }

    private static List<FeatureView> specific(String name, AnalysisFolder folder) {
        return folder.analysis().mostSpecific(SPECIFIC).stream()
                .map(
                        own ->
                                new FeatureView(
                                        name,
                                        folder,
                                        folder.analysis().layers().indexOf(own.layer()),
                                        own.layer(),
                                        own.feature()))
                .toList();
    }

    private FeatureView view(Context ctx) {
        CatalogEntry.Usable entry = entry(ctx);
        AnalysisFolder folder =
                analyses.find(entry)
                        .orElseThrow(
                                () ->
                                        PageException.missing(
                                                "the features of %s are not read yet"
                                                        .formatted(entry.name())));
        return FeatureView.of(entry.name(), folder, ctx.pathParam("id"));
    }

    private void feature(Context ctx) {
        Pages.show(ctx, new ExplorerViews.FeaturePage(Frame.of(ctx, "Feature"), view(ctx)));
    }

    private void picture(Context ctx, boolean heat) {
        FeatureView view = view(ctx);
        String rank = ctx.pathParam("rank");
        if (!rank.matches("\\d") || Integer.parseInt(rank) >= view.feature().top().size()) {
            throw PageException.missing("there is no such picture");
        }
        int at = Integer.parseInt(rank);
        AnalysisFolder folder = view.folder();
        byte[] png =
                heat
                        ? folder.heated(view.layer(), view.feature(), at, SIDE)
                        : folder.picture(view.feature().top().get(at).picture(), SIDE);
        ctx.contentType("image/png").header("Cache-Control", "private, max-age=3600").result(png);
    }
}
