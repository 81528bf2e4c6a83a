package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.web.reproduce.Experiment.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Writes the results of an experiment as Markdown.
 *
 * @param outcome state of its study, if it has one
 */
record ExperimentReport(Plan plan, Optional<StudyOutcome> outcome) {
    private static final int LOSS_DECIMALS = 4;

    /** Writes {@code report.md} into the experiment's folder and returns its path. */
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
        text.append(trainings());
        text.append(new ScoreTable(plan).text());
        if (experiment.present() != null) {
            text.append(experiment.present().text(plan));
        }
        text.append(new MergingTable(plan).text());
        text.append(new LearningTable(plan).text());
        outcome.ifPresent(study -> text.append(new StudyTable(study).text()));
        text.append(figure());
        text.append(new ResultHashes(plan).text());
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

    private static MeanStd over(
            List<TrainingResult> results, ToDoubleFunction<TrainingResult> number) {
        return MeanStd.of(
                results.stream()
                        .mapToDouble(number)
                        .filter(value -> !Double.isNaN(value))
                        .boxed()
                        .toList());
    }

    private String figure() {
        return Files.exists(plan.analysis().resolve("figure-3.png"))
                ? "## Figure 3: the features of "
                        + Objects.requireNonNull(plan.experiment().analyze())
                                .path("method")
                                .asText()
                        + "\n\n![Frequency and mean activation of every feature, coloured by the"
                        + " entropy of its styles](analysis/figure-3.png)\n\nAs numbers:"
                        + " analysis/features.csv; layer by layer: analysis/figure-32.png.\n\n"
                : "";
    }
}
