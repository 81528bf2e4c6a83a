package dev.stanstudio.web.reproduce;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.ResultJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes if methods that learnt from votes are better than those that they began as, by the judge
 * that voted and by those that did not, and at which price.
 */
record LearningTable(Plan plan) {
    /** Returns the tables as Markdown; empty where nothing learnt or was scored. */
    String text() {
        List<Experiment.Method> learnt =
                plan.experiment().methods().stream().filter(m -> m.learn() != null).toList();
        Path file = plan.scores().resolve(ResultJson.FILE);
        if (learnt.isEmpty() || !Files.exists(file)) {
            return "";
        }
        Result result = ResultJson.read(file);
        StringBuilder text = new StringBuilder("## Learning from votes\n\n");
        learnt.forEach(method -> text.append(of(method, result)));
        return text.toString();
    }

    private String of(Experiment.Method method, Result result) {
        Learning learning = Objects.requireNonNull(method.learn());
        String before = Objects.requireNonNull(method.after());
        String voted = Objects.requireNonNull(learning.rate().get("metric")).asText();
        List<List<String>> rows = new ArrayList<>();
        for (Definition definition : result.definitions()) {
            Result.Difference gap = result.difference(definition.metric(), method.name(), before);
            if (gap != null) {
                rows.add(row(definition, gap.estimate(), voted));
            }
        }
        return """
        **%s less %s**, on prompts and noises that no vote was on. The votes are a model's, not people's: %s, on %d pictures of each prompt. A gain by the
        judge that voted alone may be a taste of its own; the others did not vote.

        %s\
        """
                .formatted(
                        method.name(),
                        before,
                        voted,
                        learning.pictures(),
                        Markdown.table(
                                List.of("metric", "judge", "voted", "better", "difference"), rows));
    }

    private static List<String> row(Definition definition, Estimate gap, String voted) {
        return List.of(
                definition.metric(),
                definition.model(),
                definition.metric().equals(voted) ? "yes" : "",
                definition.better(),
                Markdown.estimate(gap));
    }
}
