package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.ManifestRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes the blind study over the pictures of all grids. */
record StudyStep(Plan plan) {
    private static final String METHODS = "methods";
    private static final String QUESTIONS = "questions";
    private static final String TITLE = "title";

    /** Returns the file that names the study and the hash of its plan. */
    Path receipt() {
        return plan.out().resolve("study.json");
    }

    private Path list() {
        return plan.out().resolve("study.jsonl");
    }

    /** Makes the study; nothing where the experiment has none. */
    List<Step> steps() {
        ObjectNode asked = plan.experiment().study();
        if (asked == null) {
            return List.of();
        }
        requireTexts(asked);
        List<String> arguments =
                new ArrayList<>(List.of("study", "create", list().toString(), "--title"));
        arguments.add(asked.path(TITLE).asText(plan.experiment().name()));
        asked.path(QUESTIONS).forEach(q -> arguments.addAll(List.of("--question", q.asText())));
        arguments.addAll(
                Options.of(asked, Set.of(METHODS, QUESTIONS, TITLE))
                        .without("study", List.of("db", "json", "receipt", "method", "question"))
                        .arguments());
        arguments.addAll(List.of("--receipt", receipt().toString()));
        methods();
        return List.of(new Step("study", arguments, receipt()).reading(List.of(list())));
    }

    /** Refuses what would otherwise be read as nothing: all methods, or the usual question. */
    private static void requireTexts(ObjectNode asked) {
        for (String key : List.of(METHODS, QUESTIONS)) {
            JsonNode list = asked.path(key);
            boolean texts = list.isArray() && !list.isEmpty();
            for (JsonNode one : list) {
                texts &= one.isTextual() || one.isNumber();
            }
            if (!list.isMissingNode() && !texts) {
                throw new ArgumentException(
                        "study.%s must be a list of texts such as [%s], not %s"
                                .formatted(key, key.equals(METHODS) ? "lora, stan" : "…", list));
            }
        }
        JsonNode title = asked.path(TITLE);
        if (!title.isMissingNode() && !title.isTextual()) {
            throw new ArgumentException("study.title must be a text, not " + title);
        }
    }

    private Set<String> methods() {
        Set<String> names = new LinkedHashSet<>();
        Objects.requireNonNull(plan.experiment().study())
                .path(METHODS)
                .forEach(
                        name ->
                                names.add(
                                        plan.experiment()
                                                .method("study.methods", name.asText())
                                                .name()));
        if (names.isEmpty()) {
            plan.experiment().methods().stream()
                    .filter(Experiment.Method::isDrawn)
                    .forEach(method -> names.add(method.name()));
        }
        return names;
    }

    /** Writes the list of the pictures to be compared, once the grids are generated. */
    void writeList() {
        Set<String> methods = methods();
        List<ObjectNode> lines = new ArrayList<>();
        for (long seed : plan.experiment().seeds()) {
            lines.addAll(lines(plan.out(), new Pictures(plan).manifest(seed), methods));
        }
        Manifest.write(list(), oneTrainingEach(lines));
    }

    /**
     * Returns the lines with one picture of each method for a prompt and noise: of several
     * trainings the cells take turns, so that all methods of a cell are of the same one.
     */
    static List<ObjectNode> oneTrainingEach(List<ObjectNode> lines) {
        Map<String, Integer> cells = new LinkedHashMap<>();
        Map<String, List<ObjectNode>> pictures = new LinkedHashMap<>();
        Map<String, Integer> turns = new LinkedHashMap<>();
        for (ObjectNode line : lines) {
            String cell =
                    "%s %s %s"
                            .formatted(line.path("style"), line.path("prompt"), line.path("seed"));
            cells.putIfAbsent(cell, cells.size());
            String picture = line.path("method") + " " + cell;
            pictures.computeIfAbsent(picture, name -> new ArrayList<>()).add(line);
            turns.put(picture, cells.getOrDefault(cell, 0));
        }
        List<ObjectNode> chosen = new ArrayList<>();
        pictures.forEach(
                (picture, own) -> chosen.add(own.get(turns.getOrDefault(picture, 0) % own.size())));
        return chosen;
    }

    /**
     * Returns the lines of {@code manifest} about {@code methods}, with files relative to {@code
     * out}.
     *
     * @throws UserException that names the line of anything wrong
     */
    static List<ObjectNode> lines(Path out, Path manifest, Set<String> methods) {
        List<ObjectNode> lines = new ArrayList<>();
        Manifest.read(
                manifest,
                new Manifest.Reader() {
                    @Override
                    public void onRecord(long line, ManifestRecord record) {
                        try {
                            if (methods.contains(record.json().path("method").asText())) {
                                lines.add(line(out, manifest, record));
                            }
                        } catch (IllegalArgumentException e) {
                            onBadLine(line, String.valueOf(e.getMessage()));
                        }
                    }

                    @Override
                    public void onBadLine(long line, String what) {
                        throw new UserException("%s line %d %s".formatted(manifest, line, what));
                    }
                });
        return lines;
    }

    private static ObjectNode line(Path out, Path manifest, ManifestRecord record) {
        Path folder = Objects.requireNonNull(manifest.toAbsolutePath().getParent());
        Path picture = record.path(folder);
        record.sha256();
        ObjectNode own = Json.PLAIN.createObjectNode();
        own.put("file", out.toAbsolutePath().normalize().relativize(picture).toString());
        for (String key : List.of("method", "prompt", "style", "seed", "sha256")) {
            own.set(key, record.json().path(key));
        }
        return own;
    }
}
