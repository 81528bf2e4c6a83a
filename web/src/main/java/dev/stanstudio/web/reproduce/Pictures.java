package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.grid.GridCommand;
import dev.stanstudio.web.grid.YamlText;
import dev.stanstudio.web.matrix.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Plans the grids and their scoring. Each training seed has a grid of its own, drawn with the same
 * noises as every other, so that trainings and noises are crossed; methods without a training are
 * drawn once, in the first. Folders of earlier versions, whose trainings had noises of their own,
 * go on with them.
 */
record Pictures(Plan plan) {
    private static final String COUNT = "pictures";
    private static final String REFERENCES = "references";
    static final int DEFAULT_COUNT = 4;

    /** Most noises of a pair; formerly each training seed had so many of its own. */
    private static final long SEEDS_APART = 1000;

    /** The last training seed whose pictures' seeds are numbers of 63 bits. */
    private static final long LAST_SEED = Long.MAX_VALUE / SEEDS_APART - 1;

    private static final List<String> SET_HERE = List.of("model", "adapters", "seeds", "training");

    private Path file(long seed) {
        return plan.out().resolve("grid-" + seed + ".yaml");
    }

    /** The list of what was drawn with the adapters of a training seed. */
    Path manifest(long seed) {
        return folder(seed).resolve(Manifest.FILE);
    }

    private Path folder(long seed) {
        return plan.out().resolve("grid-" + seed);
    }

    /** Draw, then score; nothing where the experiment has no grid. */
    List<Step> steps() {
        Experiment experiment = plan.experiment();
        if (experiment.grid() == null) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>();
        for (long seed : experiment.seeds()) {
            steps.add(
                    new Step(
                                    "grid-" + seed,
                                    List.of(
                                            "grid",
                                            file(seed).toString(),
                                            "--out",
                                            folder(seed).toString()))
                            .reading(drawnFrom(seed)));
        }
        if (experiment.score() != null) {
            steps.add(score());
        }
        return steps;
    }

    private Step score() {
        Experiment experiment = plan.experiment();
        List<String> arguments = new ArrayList<>(List.of("score"));
        experiment.seeds().forEach(seed -> arguments.add(manifest(seed).toString()));
        arguments.addAll(
                new Options()
                        .with(experiment.score())
                        .without("score", List.of("out", "references"))
                        .arguments());
        arguments.addAll(
                List.of(
                        "--references",
                        plan.collection().toString(),
                        "--out",
                        plan.scores().toString()));
        return new Step("score", arguments)
                .reading(experiment.seeds().stream().map(this::manifest).toList());
    }

    /** Returns what decides the pictures of a grid: its file and its adapters. */
    private List<Path> drawnFrom(long seed) {
        List<Path> files = new ArrayList<>(List.of(file(seed)));
        for (Method column : plan.columns(seed)) {
            column.adapters().forEach(use -> files.add(use.toPath()));
        }
        return files;
    }

    /**
     * Refuses grids that could not be drawn, before anything is trained for them.
     *
     * @throws UserException that names the key
     */
    void check() {
        if (plan.experiment().grid() != null) {
            for (long seed : plan.experiment().seeds()) {
                ObjectNode grid = content(seed);
                // There are no adapters yet, and axes run over those.
                grid.remove(List.of("adapters", "axes"));
                GridCommand.check(file(seed), grid);
            }
        }
    }

    /** Returns the contents of the prompts that are drawn; none without a grid. */
    Set<String> contents() {
        if (plan.experiment().grid() == null) {
            return Set.of();
        }
        long seed = plan.experiment().seeds().get(0);
        ObjectNode grid = content(seed);
        grid.remove(List.of("adapters", "axes"));
        return GridCommand.contents(file(seed), grid);
    }

    /** Writes the grids' files; adapters are named relative to them. */
    void writeGrids() {
        if (plan.experiment().grid() != null) {
            plan.experiment().seeds().forEach(this::writeGrid);
        }
    }

    private void writeGrid(long seed) {
        ObjectNode grid = content(seed);
        AtomicFile.write(file(seed), out -> out.write(YamlText.bytes(grid)));
    }

    private ObjectNode content(long seed) {
        Experiment experiment = plan.experiment();
        ObjectNode grid = Objects.requireNonNull(experiment.grid()).deepCopy();
        for (String key : SET_HERE) {
            if (grid.has(key)) {
                throw new ArgumentException(
                        "grid." + key + " is set by the experiment itself; leave it out");
            }
        }
        JsonNode said = grid.path(COUNT);
        int count = said.isMissingNode() ? DEFAULT_COUNT : said.intValue();
        if ((!said.isMissingNode() && !said.isInt()) || count < 1 || count > SEEDS_APART) {
            throw new ArgumentException(
                    "grid.pictures must be 1 … " + SEEDS_APART + ", not " + said);
        }
        if (seed < 0 || seed > LAST_SEED) {
            throw new ArgumentException(
                    "seeds must be 0 … %d where a grid is drawn, not %d"
                            .formatted(LAST_SEED, seed));
        }
        grid.remove(COUNT);
        if (experiment.model() != null) {
            grid.put("model", experiment.model());
        }
        boolean trained = experiment.methods().stream().anyMatch(Experiment.Method::isAdapted);
        boolean apart = !trained || hasNoisesOfItsOwn(seed);
        if (!apart) {
            grid.put("training", String.valueOf(seed));
        }
        if (plan.columns(seed).isEmpty()) {
            throw new ArgumentException(
                    "grid draws nothing: every method has draw: false; leave it out of one");
        }
        ArrayNode seeds = grid.putArray("seeds");
        for (int i = 0; i < count; i++) {
            seeds.add(apart ? seed * SEEDS_APART + i : i);
        }
        boolean first = seed == experiment.seeds().get(0);
        ObjectNode adapters = grid.putObject("adapters");
        for (Method column : plan.columns(seed)) {
            if (!first && !apart && column.adapters().isEmpty()) {
                continue;
            }
            ArrayNode used = adapters.putArray(column.name());
            for (WeightedAdapter use : column.adapters()) {
                String path = plan.out().relativize(use.toPath()).toString();
                used.add(use.weight() == 1 ? path : path + "=" + use.weight());
            }
        }
        if (!first && !apart) {
            keepTrained(grid, adapters);
        }
        return grid;
    }

    /**
     * Leaves out methods that show the model pictures and have no training: they are drawn once.
     */
    private static void keepTrained(ObjectNode grid, ObjectNode adapters) {
        if (grid.path(REFERENCES) instanceof ObjectNode references) {
            List<String> trained = new ArrayList<>();
            adapters.fieldNames().forEachRemaining(trained::add);
            references.retain(trained);
            if (references.isEmpty()) {
                grid.remove(REFERENCES);
            }
        }
    }

    /** Returns whether an earlier version began this grid. */
    private boolean hasNoisesOfItsOwn(long seed) {
        if (!Files.exists(file(seed))) {
            return false;
        }
        try {
            return !YamlText.reader().readTree(YamlText.of(file(seed))).has("training");
        } catch (IOException e) {
            throw new UserException(file(seed) + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }
}
