package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.matrix.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Plans the commands of an experiment, and the place of their results under {@code out}. */
record Plan(Experiment experiment, Path out) {
    private static final List<String> SET_HERE =
            List.of("out", "model", "data", "seed", "start", "preferences", "pictures");

    /** Returns the collection's folder. */
    Path collection() {
        String path = experiment.data().path();
        return path == null ? out.resolve("data") : Path.of(path);
    }

    /** Returns the folders of a method's trainings, by seed. */
    Map<Long, Path> trainings(Experiment.Method method) {
        Map<Long, Path> folders = new LinkedHashMap<>();
        experiment.seeds().forEach(seed -> folders.put(seed, training(method.name(), seed)));
        return folders;
    }

    private Path training(String method, long seed) {
        return out.resolve("runs").resolve(method + "-" + seed);
    }

    /** Returns the adapter of a finished training. */
    static Path adapter(Path training) {
        return training.resolve("adapter");
    }

    /** Returns the columns of the grid that is drawn with the trainings of a seed. */
    List<Method> columns(long seed) {
        List<Method> columns = new ArrayList<>();
        experiment.methods().stream()
                .filter(Experiment.Method::isDrawn)
                .forEach(method -> columns.add(new Method(method.name(), adapters(method, seed))));
        if (experiment.present() != null) {
            columns.addAll(experiment.present().columns(this, seed));
        }
        return columns;
    }

    private List<WeightedAdapter> adapters(Experiment.Method method, long seed) {
        Merging merge = method.merge();
        if (merge != null && merge.together()) {
            return merge.of().stream().map(name -> use(adapterOf(name, seed), merge)).toList();
        }
        return method.isAdapted()
                ? List.of(new WeightedAdapter(adapterOf(method.name(), seed).toString(), null, 1))
                : List.of();
    }

    private static WeightedAdapter use(Path adapter, Merging merge) {
        Double weight = merge.weight();
        return new WeightedAdapter(adapter.toString(), null, weight == null ? 1 : weight);
    }

    /** Returns the adapter of a method, trained or merged. */
    Path adapterOf(String name, long seed) {
        boolean merged = experiment.method("merge.of", name).merge() != null;
        return merged
                ? out.resolve("merged").resolve(name + "-" + seed)
                : adapter(training(name, seed));
    }

    private Step merge(Experiment.Method method, Merging merge, long seed) {
        List<String> arguments = new ArrayList<>(List.of("adapter", "merge"));
        for (String name : merge.of()) {
            Double weight = merge.weight();
            arguments.add(adapterOf(name, seed) + (weight == null ? "" : "=" + weight));
        }
        arguments.addAll(
                new Options()
                        .with(merge.options())
                        .without("merge", List.of("out", "model"))
                        .arguments());
        Path merged = adapterOf(method.name(), seed);
        arguments.addAll(List.of("--out", merged.toString()));
        return new Step("merge-" + method.name() + "-" + seed, arguments, merged);
    }

    /** Returns the steps that make the collection and train the methods, seed by seed. */
    List<Step> trainingSteps() {
        List<Step> steps = new ArrayList<>(dataSteps());
        for (long seed : experiment.seeds()) {
            for (Experiment.Method method : experiment.methods()) {
                Merging merge = method.merge();
                if (method.isTrained()) {
                    if (method.learn() != null) {
                        steps.addAll(new LearningPictures(this, method, seed).steps());
                    }
                    steps.add(train(method, seed));
                } else if (merge != null && !merge.together()) {
                    steps.add(merge(method, merge, seed));
                }
            }
        }
        return steps;
    }

    /** Returns what trainings learn from votes on, method by method and seed by seed. */
    List<LearningPictures> learning() {
        List<LearningPictures> all = new ArrayList<>();
        for (Experiment.Method method : experiment.methods()) {
            if (method.learn() != null) {
                experiment.seeds().forEach(s -> all.add(new LearningPictures(this, method, s)));
            }
        }
        return all;
    }

    private List<Step> dataSteps() {
        ExperimentData data = experiment.data();
        if (data.path() != null) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(data.imports() == null ? List.of(drawn()) : imported());
        if (data.split() != null) {
            List<String> split =
                    new ArrayList<>(List.of("dataset", "split", collection().toString()));
            split.addAll(new Options().with(data.split()).arguments());
            steps.add(new Step("split", split));
        }
        return steps;
    }

    private Step drawn() {
        List<String> synth = new ArrayList<>(List.of("dataset", "synth"));
        synth.addAll(
                new Options()
                        .with(experiment.data().synth())
                        .without("data.synth", List.of("out"))
                        .arguments());
        synth.addAll(List.of("--out", collection().toString()));
        return new Step("data", synth);
    }

    private List<Step> imported() {
        List<Step> steps = new ArrayList<>();
        for (ExperimentData.Source source :
                Objects.requireNonNullElse(
                        experiment.data().imports(), List.<ExperimentData.Source>of())) {
            List<String> arguments =
                    new ArrayList<>(List.of("dataset", "import", String.valueOf(source.path())));
            arguments.addAll(
                    new Options()
                            .with(source.options())
                            .without("data.import", List.of("out"))
                            .arguments());
            arguments.addAll(List.of("--out", collection().toString()));
            steps.add(new Step("import-" + source.name(), arguments));
        }
        return steps;
    }

    private Step train(Experiment.Method method, long seed) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        arguments.addAll(
                new Options()
                        .with(experiment.train())
                        .with(method.train())
                        .without("train", SET_HERE)
                        .arguments());
        if (experiment.model() != null) {
            arguments.addAll(List.of("--model", experiment.model()));
        }
        if (method.after() != null) {
            Path start = adapter(training(method.after(), seed));
            arguments.addAll(List.of("--start", start.toString()));
        }
        arguments.addAll(
                method.learn() == null
                        ? List.of("--data", collection().toString())
                        : new LearningPictures(this, method, seed).taught());
        arguments.addAll(List.of("--seed", String.valueOf(seed)));
        arguments.addAll(List.of("--out", training(method.name(), seed).toString()));
        Step step =
                new Step(
                        "train-" + method.name() + "-" + seed,
                        arguments,
                        adapter(training(method.name(), seed)));
        return method.learn() == null
                ? step
                : step.reading(List.of(new LearningPictures(this, method, seed).votes()));
    }

    /** Returns the folder of the scores. */
    Path scores() {
        return out.resolve("scores");
    }

    /** Returns the folder of the analysed features. */
    Path analysis() {
        return out.resolve("analysis");
    }

    /** Returns the folder of a locked study's files. */
    Path votes() {
        return out.resolve("study");
    }

    private List<Step> analysisSteps() {
        ObjectNode asked = experiment.analyze();
        if (asked == null) {
            return List.of();
        }
        Experiment.Method method =
                experiment.method("analyze.method", asked.path("method").asText());
        if (!method.isTrained()) {
            throw new ArgumentException(
                    "analyze.method %s has no adapter; name one that is trained"
                            .formatted(method.name()));
        }
        Path training = training(method.name(), experiment.seeds().get(0));
        List<String> arguments =
                new ArrayList<>(List.of("adapter", "analyze", adapter(training).toString()));
        arguments.addAll(
                Options.of(asked, Set.of("method"))
                        .without("analyze", List.of("data", "out", "model"))
                        .arguments());
        if (experiment.model() != null) {
            arguments.addAll(List.of("--model", experiment.model()));
        }
        arguments.addAll(
                List.of("--data", collection().toString(), "--out", analysis().toString()));
        return List.of(new Step("analyze", arguments).reading(List.of(adapter(training))));
    }

    /** Returns the steps before the study, in order. */
    List<Step> machineSteps() {
        List<Step> steps = new ArrayList<>(trainingSteps());
        steps.addAll(new Pictures(this).steps());
        steps.addAll(analysisSteps());
        if (experiment.present() != null) {
            steps.addAll(experiment.present().steps(this));
        }
        return steps;
    }

    /** Returns all steps in order. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>(machineSteps());
        steps.addAll(new StudyStep(this).steps());
        return steps;
    }
}
