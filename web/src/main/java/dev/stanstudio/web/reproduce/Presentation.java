package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes further figures and tables of an experiment.
 *
 * @param saved states of trainings that are drawn and scored too; null for none
 * @param tables of methods by rows and columns; null for none
 * @param curves what losses are drawn against: steps (of training), seconds or parameters (of
 *     validations); null draws none
 */
record Presentation(
        @Nullable Saved saved,
        @Nullable List<SettingsTable> tables,
        @Nullable List<String> curves) {
    private static final List<String> AXES = List.of("steps", "seconds", "parameters");

    /**
     * Names states of trainings, which {@code save-every} of their options keeps.
     *
     * @param methods whose
     * @param steps after which
     */
    record Saved(List<String> methods, List<Long> steps) {
        Saved {
            if (methods == null || steps == null || methods.isEmpty() || steps.isEmpty()) {
                throw new ArgumentException("present.saved needs methods and steps");
            }
            methods = List.copyOf(methods);
            steps = List.copyOf(steps);
        }

        /** Refuses steps after which a training with these options keeps no state. */
        void requireKept(String method, Options training) {
            long every = training.number("save-every");
            long last = training.number("steps");
            for (long step : steps) {
                if (every <= 0 || step <= 0 || step % every != 0 || (last > 0 && step > last)) {
                    throw new ArgumentException(
                            ("present.saved draws %s after step %d, which its training does not"
                                            + " keep: save-every is %s, steps %s")
                                    .formatted(
                                            method,
                                            step,
                                            every == 0 ? "not given" : every,
                                            last == 0 ? "the preset's" : last));
                }
            }
        }

        private static String column(String method, long step) {
            return method + "-" + step;
        }
    }

    /** Refuses curves that there are not. */
    Presentation {
        tables = tables == null ? List.of() : List.copyOf(tables);
        curves = curves == null ? List.of() : List.copyOf(curves);
        for (String curve : curves) {
            if (!AXES.contains(curve)) {
                throw new ArgumentException(
                        "present.curves are of %s, not %s"
                                .formatted(String.join(", ", AXES), curve));
            }
        }
    }

    /** Refuses methods that the experiment does not have, and states that nothing saves. */
    void check(List<Experiment.Method> methods, Map<String, JsonNode> train) {
        List<String> columns =
                new ArrayList<>(methods.stream().map(Experiment.Method::name).toList());
        if (saved != null) {
            for (String name : saved.methods()) {
                Experiment.Method method =
                        methods.stream()
                                .filter(m -> m.name().equals(name) && m.isTrained())
                                .findFirst()
                                .orElseThrow(
                                        () ->
                                                new ArgumentException(
                                                        ("present.saved names %s, which is no"
                                                                        + " method that is trained")
                                                                .formatted(name)));
                saved.requireKept(name, new Options().with(train).with(method.train()));
                saved.steps().forEach(step -> addColumn(columns, Saved.column(name, step)));
            }
        }
        for (SettingsTable table : Objects.requireNonNull(tables)) {
            table.rows().values().stream()
                    .flatMap(List::stream)
                    .filter(name -> !columns.contains(name))
                    .findFirst()
                    .ifPresent(
                            name -> {
                                throw new ArgumentException(
                                        "the table %s names %s; there are %s"
                                                .formatted(table.title(), name, columns));
                            });
        }
    }

    private static void addColumn(List<String> columns, String name) {
        if (columns.contains(name)) {
            throw new ArgumentException(
                    "present.saved makes a column %s, and there is another of this name"
                            .formatted(name));
        }
        columns.add(name);
    }

    /** Returns the columns of the grid that show saved states of the trainings of a seed. */
    List<Method> columns(Plan plan, long seed) {
        List<Method> columns = new ArrayList<>();
        if (saved != null) {
            for (String name : saved.methods()) {
                Path training = training(plan, name, seed);
                for (long step : saved.steps()) {
                    String state = AdapterPlace.state(training, step).toString();
                    columns.add(
                            new Method(
                                    Saved.column(name, step),
                                    List.of(new WeightedAdapter(state, null, 1))));
                }
            }
        }
        return columns;
    }

    private static Path training(Plan plan, String name, long seed) {
        Map<Long, Path> all = plan.trainings(plan.experiment().method("present.saved", name));
        return Objects.requireNonNull(all.get(seed));
    }

    private static Path folder(Plan plan) {
        return plan.out().resolve("curves");
    }

    /** Returns the steps that draw the losses of all trainings. */
    List<Step> steps(Plan plan) {
        List<Step> steps = new ArrayList<>();
        for (String axis : Objects.requireNonNull(curves)) {
            List<String> arguments =
                    new ArrayList<>(List.of("adapter", "experiment", "curves", "--x", axis));
            if (!axis.equals("steps")) {
                arguments.add("--validation");
            }
            for (Experiment.Method method : plan.experiment().methods()) {
                if (method.isTrained()) {
                    plan.trainings(method)
                            .forEach(
                                    (seed, run) ->
                                            arguments.add(method.name() + "-" + seed + "=" + run));
                }
            }
            arguments.addAll(List.of("--out", folder(plan).toString()));
            steps.add(new Step("curves-" + axis, arguments));
        }
        return steps;
    }

    /** Returns the tables and the drawings as Markdown. */
    String text(Plan plan) {
        StringBuilder text = new StringBuilder();
        Objects.requireNonNull(tables).forEach(table -> text.append(table.text(plan)));
        drawing(plan, text, "loss-curves", "Losses of training by step (Figures 7–10)");
        drawing(plan, text, "loss-by-seconds", "Validation loss by time of the steps (Figure 5)");
        drawing(plan, text, "loss-by-parameters", "Validation loss by parameters (Figure 6)");
        return text.toString();
    }

    private static void drawing(Plan plan, StringBuilder text, String name, String title) {
        if (Files.exists(folder(plan).resolve(name + ".png"))) {
            text.append("## %s\n\n![%s](curves/%s.png)\n\n".formatted(title, title, name));
        }
    }
}
