package dev.stanstudio.web.reproduce;

import dev.stanstudio.datasets.ProgramVersion;
import dev.stanstudio.datasets.picture.AtomicFile;
import dev.stanstudio.sd3.checkpoint.FileHash;
import dev.stanstudio.web.reproduce.Experiment.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What came out of an experiment, as Markdown that can be read as it is. */
record ExperimentReport(Plan plan) {
    private static final int HASH = 12;
    private static final int LOSS_DECIMALS = 4;

    /** Writes {@code report.md} into the experiment's folder and gives its path. */
    Path write() {
        Path file = plan.out().resolve("report.md");
        String text = text();
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        return file;
    }

    private String text() {
        Experiment experiment = plan.experiment();
        StringBuilder text = new StringBuilder();
        text.append("# ").append(experiment.name()).append("\n\n");
        text.append(
                String.format(
                        Locale.ROOT,
                        "Model %s, seeds %s, studio %s.%n%n",
                        experiment.model() == null ? "sd3-nano (built in)" : experiment.model(),
                        experiment.seeds(),
                        ProgramVersion.current()));
        text.append(trainings()).append(adapters());
        text.append(new ScoreTable(plan).text());
        text.append("## Commands\n\n```sh\n");
        plan.steps().forEach(step -> text.append(step.line()).append('\n'));
        return text.append("```\n").toString();
    }

    private List<Method> trained() {
        return plan.experiment().methods().stream().filter(Method::isTrained).toList();
    }

    private String trainings() {
        List<List<String>> rows = new ArrayList<>();
        for (Method method : trained()) {
            List<TrainingResult> results =
                    plan.trainings(method).values().stream().map(TrainingResult::read).toList();
            rows.add(
                    List.of(
                            method.name(),
                            String.valueOf(results.get(0).steps()),
                            over(results, TrainingResult::stepSeconds).text(2),
                            over(results, TrainingResult::first).text(LOSS_DECIMALS),
                            over(results, TrainingResult::last).text(LOSS_DECIMALS),
                            over(results, TrainingResult::best).text(LOSS_DECIMALS)));
        }
        return "## Trainings\n\nMean ± standard deviation over the seeds.\n\n"
                + Markdown.table(
                        List.of(
                                "method",
                                "steps",
                                "s per step",
                                "first validation loss",
                                "last",
                                "best"),
                        rows);
    }

    private static Spread over(
            List<TrainingResult> results, ToDoubleFunction<TrainingResult> number) {
        return Spread.of(
                results.stream()
                        .mapToDouble(number)
                        .filter(value -> !Double.isNaN(value))
                        .boxed()
                        .toList());
    }

    private String adapters() {
        List<List<String>> rows = new ArrayList<>();
        for (Method method : trained()) {
            for (Map.Entry<Long, Path> run : plan.trainings(method).entrySet()) {
                Path weights = Plan.adapter(run.getValue()).resolve("adapter_model.safetensors");
                String hash =
                        Files.exists(weights) ? FileHash.sha256(weights).substring(0, HASH) : "–";
                rows.add(List.of(method.name(), String.valueOf(run.getKey()), hash));
            }
        }
        return "## Adapters\n\n"
                + Markdown.table(List.of("method", "seed", "SHA-256 of the weights"), rows);
    }
}
