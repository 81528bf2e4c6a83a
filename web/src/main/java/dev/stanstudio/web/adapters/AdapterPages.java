package dev.stanstudio.web.adapters;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.Job;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.JobState;
import dev.stanstudio.web.job.JobView;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.job.SampleSheets;
import dev.stanstudio.web.job.TrainingCurve;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.scores.AdapterScores;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
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

/** Adapters, trainings that make some, and the form that begins one. */
public final class AdapterPages {
    private static final int MOST_JOBS = 24;

    private final StudioContext studio;
    private final AdapterCatalog shelf;
    private final CollectionCatalog collections;
    private final Jobs jobs;

    AdapterPages(StudioContext studio) {
        this.studio = studio;
        this.shelf = new AdapterCatalog(studio.home());
        this.collections = new CollectionCatalog(studio.home());
        this.jobs = new Jobs(studio);
    }

    /**
     * An adapter as a card.
     *
     * @param groups kinds of projection, each with how many blocks have it
     * @param sheet the newest sheet of samples, empty without one
     * @param scores the newest, where it was scored
     */
    public record Card(
            CatalogEntry entry,
            String groups,
            Optional<TrainingCurve> curve,
            String sheet,
            Optional<AdapterScores.Scored> scores) {}

    void register(RoutesConfig routes) {
        routes.get("/adapters", this::show);
        routes.get("/adapters/train", ctx -> form(ctx, FormValues.EMPTY, ""));
        routes.post("/adapters/train", this::train);
        routes.get("/adapters/{name}/samples/{sheet}", this::sample);
    }

    private void show(Context ctx) {
        Map<String, AdapterScores.Scored> scores = AdapterScores.newest(jobs);
        List<Card> cards =
                shelf.all().stream()
                        .map(entry -> card(entry, Optional.ofNullable(scores.get(entry.sha256()))))
                        .toList();
        List<JobView> running =
                jobs.newest(JobKind.TRAINING, MOST_JOBS).stream()
                        .filter(job -> job.state() != JobState.DONE)
                        .filter(AdapterPages::isThere)
                        .map(job -> JobView.of(job, studio.clock()))
                        .toList();
        Pages.show(
                ctx,
                "adapters/adapters.jte",
                Map.of(
                        "frame",
                        Frame.of(ctx, "Adapters"),
                        "cards",
                        cards,
                        "running",
                        running,
                        "folder",
                        shelf.folder().toString()));
    }

    /** A training that was given up is gone from here once its folder is removed. */
    private static boolean isThere(Job job) {
        return job.state().pending() || Files.exists(job.order().folder());
    }

    private static Card card(CatalogEntry entry, Optional<AdapterScores.Scored> scores) {
        List<String> sheets = training(entry).map(SampleSheets::names).orElse(List.of());
        return new Card(
                entry,
                groups(entry.modules()),
                entry.log().flatMap(TrainingCurve::read),
                sheets.isEmpty() ? "" : sheets.get(sheets.size() - 1),
                scores);
    }

    /** The folder of the training that made an adapter. */
    private static Optional<Path> training(CatalogEntry entry) {
        return entry.log().map(Path::getParent);
    }

    private void sample(Context ctx) throws IOException {
        Path training =
                shelf.find(ctx.pathParam("name"))
                        .flatMap(AdapterPages::training)
                        .orElseThrow(
                                () -> PageException.missing("there is no such sheet of samples"));
        ctx.contentType("image/png")
                .header("Cache-Control", "private, max-age=60")
                .result(Files.readAllBytes(SampleSheets.file(training, ctx.pathParam("sheet"))));
    }

    private List<String> models() {
        return new ModelCache(studio.work()).names();
    }

    private void form(Context ctx, FormValues form, String problem) {
        Pages.show(
                ctx,
                "adapters/train.jte",
                Map.of(
                        "frame", Frame.of(ctx, "Train an adapter"),
                        "form", form,
                        "collections", collections.names(),
                        "models", models(),
                        "usual", new ModelCache(studio.work()).usual(),
                        "problem", problem));
    }

    private void train(Context ctx) {
        FormValues form = FormValues.of(ctx);
        String id;
        try {
            id =
                    add(
                            new TrainingForm(
                                            form,
                                            shelf.folder(),
                                            collections,
                                            models(),
                                            studio.work())
                                    .order(Visitor.of(ctx)));
        } catch (UserException e) {
            ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
            form(ctx, form, Objects.requireNonNullElse(e.getMessage(), "that cannot be trained"));
            return;
        }
        ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
    }

    /** Takes the training's folder before it waits: of two with one name only one is taken. */
    private String add(JobRequest order) {
        boolean added = false;
        try {
            Files.createDirectories(shelf.folder());
            Files.createDirectory(order.folder());
            String id = jobs.add(order);
            added = true;
            return id;
        } catch (FileAlreadyExistsException e) {
            added = true; // by somebody else
            throw TrainingForm.taken(order.folder());
        } catch (IOException e) {
            throw new UserException(
                    "cannot make the folder %s: %s".formatted(order.folder(), e.getMessage()), e);
        } finally {
            if (!added) {
                giveUp(order.folder());
            }
        }
    }

    private static void giveUp(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            return; // the refusal is what is told
        }
    }

    /** {@code transformer_blocks.3.attn.to_q} counts as {@code attn.to_q}. */
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
