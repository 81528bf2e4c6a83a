package dev.stanstudio.web.adapters;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.training.Preset;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.home.WorkSettings;
import dev.stanstudio.web.job.CollectionCatalog;
import dev.stanstudio.web.job.JobCommand;
import dev.stanstudio.web.job.JobKind;
import dev.stanstudio.web.job.JobRequest;
import dev.stanstudio.web.server.FormValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the form of a training and makes its job. */
final class TrainingForm {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final FormValues form;
    private final Path folder;
    private final CollectionCatalog collections;
    private final List<String> models;
    private final WorkSettings work;

    /**
     * @param folder the folder of all adapters
     * @param models names that can be chosen
     */
    TrainingForm(
            FormValues form,
            Path folder,
            CollectionCatalog collections,
            List<String> models,
            WorkSettings work) {
        this.form = form;
        this.folder = folder;
        this.collections = collections;
        this.models = models;
        this.work = work;
    }

    /**
     * Returns the job.
     *
     * @throws dev.stanstudio.base.UserException that names the field and what to change
     */
    JobRequest request(String owner) {
        String name = name();
        String kind = oneOf("kind", KindName.labels());
        Path out = folder.resolve(name);
        CollectionCatalog.Choice data =
                collections.choose(form.text("collection"), form.text("folder"));
        List<JobCommand> commands = new ArrayList<>(data.before());
        commands.add(
                new JobCommand(
                        arguments(kind, data.path(), out), out.resolve("adapter").toString()));
        return new JobRequest(
                owner,
                JobKind.TRAINING,
                "Training %s (%s)".formatted(name, kind),
                commands,
                out,
                "/adapters#" + name);
    }

    private String name() {
        String name = form.text("name");
        if (!name.matches(NAME)) {
            throw new ArgumentException(
                    "the name must be 1 … 64 letters, digits, dots, dashes or underscores, and"
                            + " begin with a letter or digit");
        }
        if (Files.exists(folder.resolve(name))) {
            throw taken(folder.resolve(name));
        }
        return name;
    }

    /** The refusal of a name that another adapter or training has. */
    static ArgumentException taken(Path own) {
        return new ArgumentException(
                "there is '%s' in %s already; choose another name"
                        .formatted(own.getFileName(), own.getParent()));
    }

    private String oneOf(String field, List<String> choices) {
        String given = form.text(field);
        if (!choices.contains(given)) {
            throw new ArgumentException(
                    "%s must be one of %s, not %s"
                            .formatted(field, String.join(", ", choices), given));
        }
        return given;
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
        add(arguments, "--steps", form.whole("steps", "steps", 1));
        add(arguments, "--batch", form.whole("batch", "the batch", 1));
        add(arguments, "--seed", form.whole("seed", "the seed", 0));
        add(arguments, "--lr", rate());
        add(arguments, "--style", form.text("styles").replaceAll("\\s*,\\s*", ","));
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
            if (text.isEmpty() || Double.parseDouble(text) > 0) {
                return text;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new ArgumentException(
                "the learning rate must be a number above 0, not '" + text + "'");
    }
}
