package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.web.grid.GridCommand;
import dev.stanstudio.web.grid.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Plans the pictures and votes that a training of a method learns from. Their noises are others
 * than those of the pictures that are scored.
 */
record LearningPictures(Plan plan, Experiment.Method method, long seed) {
    private static final List<String> SET_HERE = List.of("model", "adapters", "seeds", "training");
    private static final long FIRST_NOISE = 1_000_000;

    private String name() {
        return "learn-" + method.name() + "-" + seed;
    }

    private Path file(String ending) {
        return plan.out().resolve(name() + ending);
    }

    private Path grid() {
        return file(".yaml");
    }

    private Path pictures() {
        return plan.out().resolve(name());
    }

    /** Returns the file of the votes. */
    Path votes() {
        return file("-votes.jsonl");
    }

    private Learning learning() {
        return Objects.requireNonNull(method.learn(), "it learns");
    }

    /** Returns the name of the method whose pictures are voted on. */
    private String teacher() {
        return Objects.requireNonNull(method.after(), "checked");
    }

    /** Returns the options by which the training reads the votes. */
    List<String> taught() {
        return List.of("--preferences", votes().toString(), "--pictures", pictures().toString());
    }

    /** Draw, score, vote. */
    List<Step> steps() {
        Path list = pictures().resolve(Manifest.FILE);
        Path scores = file("-scores");
        Step draw =
                new Step(
                                name() + "-grid",
                                List.of("grid", grid().toString(), "--out", pictures().toString()))
                        .reading(List.of(grid(), plan.adapterOf(teacher(), seed)));
        List<String> score = new ArrayList<>(List.of("score", list.toString()));
        score.addAll(
                new Options()
                        .with(learning().score())
                        .without("learn.score", List.of("out", "references"))
                        .arguments());
        score.addAll(
                List.of("--references", plan.collection().toString(), "--out", scores.toString()));
        List<String> rate = new ArrayList<>(List.of("rate", scores.toString()));
        rate.addAll(
                new Options()
                        .with(learning().rate())
                        .without("learn.rate", List.of("out", "pictures"))
                        .arguments());
        rate.addAll(List.of("--pictures", pictures().toString(), "--out", votes().toString()));
        return List.of(
                draw,
                new Step(name() + "-score", score).reading(List.of(list)),
                new Step(name() + "-rate", rate).reading(List.of(scores.resolve("summary.json"))));
    }

    /** Refuses a grid that could not be drawn, before anything is trained for it. */
    void check() {
        ObjectNode grid = content();
        grid.remove("adapters");
        GridCommand.check(grid(), grid);
        requireOther(GridCommand.contents(grid(), grid));
    }

    /**
     * Refuses contents that the experiment's own grid draws too: what is learnt from is no test.
     */
    private void requireOther(Set<String> own) {
        new Pictures(plan)
                .contents().stream()
                        .filter(own::contains)
                        .findFirst()
                        .ifPresent(
                                content -> {
                                    throw new ArgumentException(
                                            "grid and learn.grid of %s both draw '%s'; learn from other contents than those that are scored"
                                                    .formatted(method.name(), content));
                                });
    }

    /** Writes the grid's file. */
    void writeGrid() {
        ObjectNode grid = content();
        AtomicFile.write(grid(), out -> out.write(YamlText.bytes(grid)));
    }

    private ObjectNode content() {
        ObjectNode grid = learning().grid().deepCopy();
        for (String key : SET_HERE) {
            if (grid.has(key)) {
                throw new ArgumentException(
                        "learn.grid.%s is set by the experiment itself; leave it out"
                                .formatted(key));
            }
        }
        grid.remove(Learning.COUNT);
        if (plan.experiment().model() != null) {
            grid.put("model", plan.experiment().model());
        }
        ArrayNode seeds = grid.putArray("seeds");
        for (int i = 0; i < learning().pictures(); i++) {
            seeds.add(FIRST_NOISE + i);
        }
        Path adapter = plan.adapterOf(teacher(), seed);
        grid.putObject("adapters")
                .putArray(teacher())
                .add(plan.out().relativize(adapter).toString());
        return grid;
    }
}
