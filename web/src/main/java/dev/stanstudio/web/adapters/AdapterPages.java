package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.training.Preset;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.JobView;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.job.SampleSheets;
import dev.stanstudio.web.job.TrainingCurve;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.library.ModelNames;
import dev.stanstudio.web.scores.AdapterScores;
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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page of adapters and trainings, and the form that begins a training. */
public final class AdapterPages {
    private static final int MOST_JOBS = 24;

    private final StudioContext studio;
    private final AdapterCatalog catalog;
    private final ModelNames models;
    private final CollectionCatalog collections;
    private final Jobs jobs;

    AdapterPages(StudioContext studio) {
        this.studio = studio;
        this.catalog = new AdapterCatalog(studio.home());
        this.models = new ModelNames(studio.work());
        this.collections = new CollectionCatalog(studio.home());
        this.jobs = new Jobs(studio);
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
     * @param scores its newest scores, if it was scored
     */
    public record About(
            CatalogEntry.Usable adapter,
            String groups,
            Optional<TrainingCurve> curve,
            Optional<String> sheet,
            Optional<AdapterScores.Scored> scores) {}

    /** The page of all adapters. */
    public record ListPage(Frame frame, List<Card> cards, List<JobView> running, Path folder)
            implements View {
        @Override
        public String template() {
            return "adapters/adapters.jte";
        }
    }

    /** The form of a new training. */
    public record FormPage(
            Frame frame,
            FormValues form,
            List<String> collections,
            List<String> models,
            String defaultModel,
            String problem)
            implements View {
        @Override
        public String template() {
            return "adapters/train.jte";
        }

        /** Returns the kinds of adapters that can be trained. */
        public List<String> kinds() {
            return KindName.labels();
        }

        /** Returns the presets of a training. */
        public List<String> presets() {
            return Preset.labels();
        }
    }

    void register(RoutesConfig routes) {
        routes.get("/adapters", this::show);
        routes.get("/adapters/train", ctx -> form(ctx, FormValues.EMPTY, ""));
        routes.post("/adapters/train", this::train);
        routes.get("/adapters/{name}/samples/{sheet}", this::sample);
    }

    private void show(Context ctx) {
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
                        .map(job -> JobView.of(job, studio.clock()))
                        .toList();
        Pages.show(ctx, new ListPage(Frame.of(ctx, "Adapters"), cards, running, catalog.folder()));
    }

    /** Returns whether a training waits, runs or still has its folder. */
    private static boolean isThere(Job job) {
        return job.state().isOpen() || Files.exists(job.request().folder());
    }

    private static About about(
            CatalogEntry.Usable adapter, Map<String, AdapterScores.Scored> scores) {
        List<String> sheets = training(adapter).map(SampleSheets::names).orElse(List.of());
        return new About(
                adapter,
                groups(adapter.modules()),
                adapter.log().flatMap(TrainingCurve::read),
                sheets.stream().reduce((first, second) -> second),
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

    private void form(Context ctx, FormValues form, String problem) {
        Pages.show(
                ctx,
                new FormPage(
                        Frame.of(ctx, "Train an adapter"),
                        form,
                        collections.names(),
                        models.all(),
                        models.defaultModel(),
                        problem));
    }

    private void train(Context ctx) {
        FormValues form = FormValues.of(ctx);
        String id;
        try {
            id = begin(form, Visitor.of(ctx));
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            form(ctx, form, Objects.requireNonNullElse(e.getMessage(), "that cannot be trained"));
            return;
        }
        ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
    }

    /**
     * Begins the training of a form.
     *
     * @return the id of its job
     * @throws UserException that says what to change
     */
    String begin(FormValues form, String owner) {
        return add(
                new TrainingForm(form, catalog.folder(), collections, models.all(), studio.work())
                        .request(owner));
    }

    /** Creates the training's folder before the job waits, so that no other can have its name. */
    private String add(JobRequest request) {
        boolean added = false;
        try {
            Files.createDirectories(catalog.folder());
            Files.createDirectory(request.folder());
            String id = jobs.add(request);
            added = true;
            return id;
        } catch (FileAlreadyExistsException e) {
            added = true; // by somebody else
            throw TrainingForm.taken(request.folder());
        } catch (IOException e) {
            throw new UserException(
                    "cannot make the folder %s: %s".formatted(request.folder(), e.getMessage()), e);
        } finally {
            if (!added) {
                removeFolder(request.folder());
            }
        }
    }

    private static void removeFolder(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            return; // the visitor sees the first failure
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
