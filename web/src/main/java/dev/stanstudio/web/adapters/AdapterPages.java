package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.file.AdapterNotes;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobView;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.job.SampleSheets;
import dev.stanstudio.web.job.TrainingCurve;
import dev.stanstudio.web.library.AdapterBin;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.picture.AdapterPictures;
import dev.stanstudio.web.scores.AdapterScores;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The page of adapters and trainings, and what can be done with each. */
public final class AdapterPages {
    private static final int MOST_JOBS = 24;

    private final StudioContext studio;
    private final AdapterCatalog catalog;
    private final AdapterBin bin;
    private final AdapterPictures pictures;
    private final AdapterActions actions;
    private final Jobs jobs;

    AdapterPages(StudioContext studio, AdapterCatalog catalog, Jobs jobs) {
        this.studio = studio;
        this.catalog = catalog;
        this.jobs = jobs;
        this.bin = new AdapterBin(studio.home(), studio.clock());
        this.pictures = new AdapterPictures(studio.database());
        this.actions = new AdapterActions(catalog, bin, new AdapterUses(jobs, pictures), jobs);
    }

    /**
     * An adapter as a card.
     *
     * @param about empty if the adapter cannot be used
     */
    public record Card(CatalogEntry entry, Optional<About> about) {}

    /**
     * The facts about an adapter that can be used.
     *
     * @param groups kinds of projection, each with the number of blocks that have it
     * @param sheet the newest sheet of samples, if there is one
     * @param captions of the sheet's pictures
     * @param picture id of a picture by it, if there is one and no sheet
     * @param scores its newest scores, if it was scored
     */
    public record About(
            CatalogEntry.Usable adapter,
            String groups,
            Optional<TrainingCurve> curve,
            Optional<String> sheet,
            List<String> captions,
            Optional<String> picture,
            Optional<AdapterScores.Scored> scores) {
        /** Returns whether its features can be read. */
        public boolean hasFeatures() {
            return KindName.hasFeatures(adapter.kind());
        }

        /** Returns whether a training can go on from it. */
        public boolean continues() {
            return KindName.find(adapter.kind()).filter(KindName::continues).isPresent();
        }
    }

    /**
     * The page of all adapters.
     *
     * @param bin what can be restored
     * @param deleted id of what was deleted just now; empty for nothing
     * @param problem why the last change was refused; empty if it was not
     */
    public record ListPage(
            Frame frame,
            List<Card> cards,
            List<JobView> running,
            Path folder,
            List<AdapterBin.Deleted> bin,
            String deleted,
            Instant now,
            String problem)
            implements View {
        @Override
        public String template() {
            return "adapters/adapters.jte";
        }

        /** Returns what was deleted just now. */
        public Optional<AdapterBin.Deleted> justDeleted() {
            return bin.stream().filter(entry -> entry.id().equals(deleted)).findFirst();
        }
    }

    void register(RoutesConfig routes) {
        routes.get("/adapters", ctx -> show(ctx, ""));
        routes.get("/adapters/{name}/samples/{sheet}", this::sample);
        routes.get("/adapters/{name}/download", this::download);
        routes.post("/adapters/{name}/delete", ctx -> changed(ctx, () -> deleted(ctx)));
        routes.post("/adapters/{name}/rename", ctx -> changed(ctx, () -> renamed(ctx)));
        routes.post("/adapters/{name}/describe", ctx -> changed(ctx, () -> described(ctx)));
        routes.post("/adapters/bin/{id}/restore", ctx -> changed(ctx, () -> restored(ctx)));
        routes.post("/adapters/train/{id}/dismiss", ctx -> changed(ctx, () -> dismissed(ctx)));
    }

    /** Changes something and leads back to the page, which says why where that is refused. */
    private void changed(Context ctx, Supplier<String> change) {
        String address;
        try {
            address = change.get();
        } catch (PageException e) {
            throw e;
        } catch (UserException e) {
            ctx.status(HttpStatus.CONFLICT);
            show(ctx, String.valueOf(e.getMessage()));
            return;
        }
        ctx.redirect(address, HttpStatus.SEE_OTHER);
    }

    private CatalogEntry entry(Context ctx) {
        return catalog.find(ctx.pathParam("name"))
                .orElseThrow(() -> PageException.missing("there is no such adapter"));
    }

    private String deleted(Context ctx) {
        return "/adapters?deleted=" + actions.delete(entry(ctx));
    }

    private String renamed(Context ctx) {
        return "/adapters#" + actions.rename(entry(ctx), FormValues.of(ctx).text("name"));
    }

    private String described(Context ctx) {
        CatalogEntry entry = entry(ctx);
        FormValues form = FormValues.of(ctx);
        actions.describe(
                entry, new AdapterNotes(form.text("description"), form.text("trigger-words")));
        return "/adapters#" + entry.name();
    }

    private String restored(Context ctx) {
        return "/adapters#" + actions.restore(ctx.pathParam("id"));
    }

    private String dismissed(Context ctx) {
        Job job =
                jobs.get(ctx.pathParam("id"))
                        .orElseThrow(() -> PageException.missing("there is no such training"));
        return "/adapters?deleted=" + actions.dismiss(job);
    }

    private void show(Context ctx, String problem) {
        Map<String, AdapterScores.Scored> scores = AdapterScores.newest(jobs);
        List<Card> cards =
                catalog.all().stream()
                        .map(
                                entry ->
                                        new Card(
                                                entry,
                                                entry.usable().map(own -> about(own, scores))))
                        .toList();
        List<JobView> running =
                jobs.newest(JobKind.TRAINING, MOST_JOBS).stream()
                        .filter(job -> !job.state().isDone())
                        .filter(AdapterPages::isThere)
                        .map(jobs::view)
                        .toList();
        Pages.show(
                ctx,
                new ListPage(
                        Frame.of(ctx, "Adapters"),
                        cards,
                        running,
                        catalog.folder(),
                        bin.all(),
                        Objects.toString(ctx.queryParam("deleted"), ""),
                        studio.clock().instant(),
                        problem));
    }

    /** Returns whether a training waits, runs or still has its folder. */
    private static boolean isThere(Job job) {
        return job.state().isOpen() || Files.exists(job.request().folder());
    }

    private About about(CatalogEntry.Usable adapter, Map<String, AdapterScores.Scored> scores) {
        Optional<Path> training = training(adapter);
        Optional<String> sheet =
                training.map(SampleSheets::names).orElse(List.of()).stream()
                        .reduce((first, second) -> second);
        return new About(
                adapter,
                groups(adapter.modules()),
                adapter.log().flatMap(TrainingCurve::read),
                sheet,
                training.map(SampleSheets::captions).orElse(List.of()),
                sheet.isPresent()
                        ? Optional.empty()
                        : pictures.sample(adapter.name(), adapter.sha256()),
                Optional.ofNullable(scores.get(adapter.sha256())));
    }

    /** Returns the folder of the training that made an adapter. */
    private static Optional<Path> training(CatalogEntry.Usable entry) {
        return entry.log().map(Path::getParent);
    }

    private void sample(Context ctx) throws IOException {
        Path training =
                catalog.usable(ctx.pathParam("name"))
                        .flatMap(AdapterPages::training)
                        .orElseThrow(
                                () -> PageException.missing("there is no such sheet of samples"));
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=60")
                .result(Files.readAllBytes(SampleSheets.get(training, ctx.pathParam("sheet"))));
    }

    /** Sends an adapter's file, or the files in its folder as a zip. */
    private void download(Context ctx) throws IOException {
        CatalogEntry entry = entry(ctx);
        boolean file = Files.isRegularFile(entry.path());
        String name = file ? entry.name() : entry.name() + ".zip";
        ctx.header("Cache-Control", "no-store")
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"%s\""
                                .formatted(name.replaceAll("[^A-Za-z0-9._-]", "_")));
        if (file) {
            ctx.contentType("application/octet-stream").result(Files.newInputStream(entry.path()));
        } else {
            ctx.contentType("application/zip");
            AdapterActions.zip(entry, ctx.outputStream());
        }
    }

    /** Counts modules by kind: {@code transformer_blocks.3.attn.to_q} is an {@code attn.to_q}. */
    static String groups(List<String> modules) {
        Map<String, Long> counts =
                modules.stream()
                        .collect(
                                Collectors.groupingBy(
                                        module -> module.replaceFirst("^.*?\\.\\d+\\.", ""),
                                        TreeMap::new,
                                        Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " × " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
