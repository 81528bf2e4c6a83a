package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.training.Preset;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.Jobs;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.library.ModelNames;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import dev.stanstudio.web.server.Frame;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The form that begins a training. */
public final class TrainPages {
    private final StudioContext studio;
    private final AdapterCatalog catalog;
    private final ModelNames models;
    private final CollectionCatalog collections;
    private final Jobs jobs;

    TrainPages(StudioContext studio, AdapterCatalog catalog, Jobs jobs) {
        this.studio = studio;
        this.catalog = catalog;
        this.jobs = jobs;
        this.models = new ModelNames(studio.work());
        this.collections = new CollectionCatalog(studio.home());
    }

    /**
     * Holds why a form was refused.
     *
     * @param field name of the field at fault; empty for the whole form
     * @param message empty for a form that was not refused
     */
    public record Refusal(String field, String message) {
        static final Refusal NONE = new Refusal("", "");

        /** Returns {@code true} as an attribute for the field at fault, or null. */
        public @Nullable String invalid(String name) {
            return field.equals(name) ? "true" : null;
        }

        /** Returns the id of the message for the field at fault, else {@code otherwise}. */
        public @Nullable String describes(String name, @Nullable String otherwise) {
            return field.equals(name) ? name + "-refused" : otherwise;
        }

        /** Returns whether the field at fault is one of those that are folded away. */
        public boolean isFolded() {
            return List.of("model", "styles", "batch", "save_every", "lr", "seed", "start")
                    .contains(field);
        }
    }

    /**
     * The form of a new training.
     *
     * @param starts names of adapters that a training can begin with
     */
    public record FormPage(
            Frame frame,
            FormValues form,
            List<String> collections,
            List<String> models,
            String defaultModel,
            List<String> starts,
            Refusal refusal)
            implements View {
        @Override
        public String template() {
            return "adapters/train.jte";
        }

        /** Returns the kinds of adapters that can be trained. */
        public List<KindName> kinds() {
            return Arrays.asList(KindName.values());
        }

        /** Returns the presets of a training. */
        public List<String> presets() {
            return Preset.labels();
        }
    }

    void register(RoutesConfig routes) {
        routes.get("/adapters/train", ctx -> form(ctx, beginning(ctx), Refusal.NONE));
        routes.post("/adapters/train", this::train);
    }

    /** Returns an empty form, or one that trains on from the adapter in the address. */
    private FormValues beginning(Context ctx) {
        String from = Objects.toString(ctx.queryParam("from"), "");
        Optional<CatalogEntry.Usable> start = catalog.usable(from);
        if (start.isEmpty()) {
            return FormValues.EMPTY;
        }
        Map<String, String> values = new HashMap<>();
        values.put("start", start.get().name());
        values.put("kind", start.get().kind());
        values.put("name", free(start.get().name()));
        models.resolve(start.get().base()).ifPresent(model -> values.put("model", model));
        return new FormValues(values);
    }

    /** Returns the first of NAME-2, NAME-3 and so on that no adapter has. */
    private String free(String name) {
        String bare = name.replaceFirst("\\.safetensors$", "");
        int number = 2;
        while (catalog.isTaken(bare + "-" + number)) {
            number++;
        }
        return bare + "-" + number;
    }

    private List<String> starts() {
        return catalog.all().stream()
                .flatMap(entry -> entry.usable().stream())
                .filter(
                        entry ->
                                KindName.find(entry.kind()).filter(KindName::continues).isPresent())
                .map(CatalogEntry.Usable::name)
                .toList();
    }

    private void form(Context ctx, FormValues form, Refusal refusal) {
        Pages.show(
                ctx,
                new FormPage(
                        Frame.of(ctx, "Train an adapter"),
                        form,
                        collections.names(),
                        models.all(),
                        models.defaultModel(),
                        starts(),
                        refusal));
    }

    private void train(Context ctx) {
        FormValues form = FormValues.of(ctx);
        try {
            String id = begin(form, Visitor.of(ctx));
            ctx.redirect("/jobs/" + id, HttpStatus.SEE_OTHER);
        } catch (FieldException e) {
            refuse(ctx, form, new Refusal(e.field(), String.valueOf(e.getMessage())));
        } catch (UserException e) {
            refuse(ctx, form, new Refusal("", String.valueOf(e.getMessage())));
        }
    }

    /**
     * Begins the training of a form.
     *
     * @return the id of its job
     * @throws UserException that says what to change
     */
    String begin(FormValues form, String owner) {
        return add(
                new TrainingForm(form, catalog, collections, models.all(), studio.work())
                        .request(owner));
    }

    private void refuse(Context ctx, FormValues form, Refusal refusal) {
        ctx.status(HttpStatus.UNPROCESSABLE_CONTENT);
        form(ctx, form, refusal);
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
            throw new FieldException(
                    "name",
                    String.valueOf(
                            AdapterName.taken(String.valueOf(request.folder().getFileName()))
                                    .getMessage()));
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
}
