package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.training.Preset;
import dev.stanstudio.adapter.training.TrainingCheck;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.JobCommand;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.job.OrderedInput;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the form of a training and makes its job. */
final class TrainingForm {
    /** A batch of more digits is a mistake. */
    private static final int MOST_DIGITS = 6;

    private final FormValues form;
    private final AdapterCatalog catalog;
    private final CollectionCatalog collections;
    private final List<String> models;
    private final WorkSettings work;

    /**
     * @param models names that can be chosen
     */
    TrainingForm(
            FormValues form,
            AdapterCatalog catalog,
            CollectionCatalog collections,
            List<String> models,
            WorkSettings work) {
        this.form = form;
        this.catalog = catalog;
        this.collections = collections;
        this.models = models;
        this.work = work;
    }

    /**
     * Returns the job, once everything is checked that can be known before it starts.
     *
     * @throws FieldException that names the field and what to change
     */
    JobRequest request(String owner) {
        String name = FieldException.at("name", this::name);
        String kind = oneOf("kind", KindName.labels());
        Path out = catalog.folder().resolve(name);
        CollectionCatalog.Choice data =
                FieldException.at(
                        form.text("folder").isBlank() ? "collection" : "folder",
                        () -> collections.choose(form.text("collection"), form.text("folder")));
        List<JobCommand> commands = new ArrayList<>(data.before());
        commands.add(
                new JobCommand(
                        arguments(kind, data.path(), out),
                        out.resolve("adapter").toString(),
                        true,
                        startInput()));
        requirePictures(data);
        requireFitting(kind);
        return new JobRequest(
                owner,
                JobKind.TRAINING,
                "Training %s (%s)".formatted(name, kind),
                commands,
                out,
                "/adapters#" + name);
    }

    private String name() {
        String name = AdapterName.require(form.text("name"));
        if (catalog.isTaken(name)) {
            throw AdapterName.taken(name);
        }
        return name;
    }

    /** Checks the styles, in the collection or in what will be drawn. */
    private void requirePictures(CollectionCatalog.Choice data) {
        List<String> styles = styles();
        FieldException.at(
                "styles",
                () ->
                        data.before().isEmpty()
                                ? TrainingCheck.pictures(data.path(), styles)
                                : collections.requireBuiltIn(styles).size());
    }

    private void requireFitting(String kind) {
        try (TrainingCheck check =
                FieldException.at(
                        "model", () -> TrainingCheck.of(form.text("preset"), form.text("model")))) {
            FieldException.at(
                    "preset",
                    () -> {
                        check.requireSize();
                        return "";
                    });
            if (!form.text("start").isEmpty()) {
                FieldException.at(
                        "start",
                        () -> {
                            check.requireStart(kind, start().path());
                            return "";
                        });
            }
        }
    }

    private List<OrderedInput> startInput() {
        if (form.text("start").isEmpty()) {
            return List.of();
        }
        CatalogEntry.Usable start = start();
        return List.of(OrderedInput.adapter(start.path(), start.sha256(), start.settingsSha256()));
    }

    private CatalogEntry.Usable start() {
        String name = form.text("start");
        return catalog.usable(name)
                .orElseThrow(
                        () ->
                                new FieldException(
                                        "start", "there is no adapter '%s'".formatted(name)));
    }

    private List<String> styles() {
        return Arrays.stream(form.text("styles").split(","))
                .map(String::strip)
                .filter(style -> !style.isEmpty())
                .toList();
    }

    private String oneOf(String field, List<String> choices) {
        String given = form.text(field);
        if (!choices.contains(given)) {
            throw new FieldException(
                    field,
                    "%s must be one of %s%s"
                            .formatted(
                                    field,
                                    String.join(", ", choices),
                                    given.isEmpty() ? "; it is missing" : ", not " + given));
        }
        return given;
    }

    private String whole(String field, String what, long least) {
        return FieldException.at(field, () -> form.whole(field, what, least));
    }

    private String batch() {
        String batch = whole("batch", "the batch", 1);
        if (batch.length() > MOST_DIGITS) {
            throw new FieldException("batch", "the batch cannot be as large as " + batch);
        }
        return batch;
    }

    private List<String> arguments(String kind, Path data, Path out) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--method",
                                kind,
                                "--preset",
                                oneOf("preset", Preset.labels()),
                                "--model",
                                oneOf("model", models),
                                "--data",
                                data.toString(),
                                "--out",
                                out.toString()));
        add(arguments, "--start", form.text("start").isEmpty() ? "" : start().path().toString());
        add(arguments, "--steps", whole("steps", "steps", 1));
        add(arguments, "--batch", batch());
        add(arguments, "--save-every", whole("save_every", "the steps between states", 1));
        add(arguments, "--seed", whole("seed", "the seed", 0));
        add(arguments, "--lr", FieldException.at("lr", this::rate));
        add(arguments, "--style", String.join(",", styles()));
        add(arguments, "--device", work.device() == null ? "" : work.device());
        add(arguments, "--dtype", work.dtype() == null ? "" : work.dtype());
        return arguments;
    }

    private static void add(List<String> arguments, String option, String value) {
        if (!value.isEmpty()) {
            arguments.add(option);
            arguments.add(value);
        }
    }

    private String rate() {
        String text = form.text("lr");
        try {
            if (text.isEmpty() || Decimal.parse(text) > 0) {
                return text;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new ArgumentException(
                "the learning rate must be a number above 0, not '" + text + "'");
    }
}
