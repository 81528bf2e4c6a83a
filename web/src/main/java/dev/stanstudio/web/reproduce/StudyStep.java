package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The blind study over the pictures of all grids. */
record StudyStep(Plan plan) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METHODS = "methods";
    private static final String QUESTIONS = "questions";
    private static final String TITLE = "title";

    /** Which study was made, and the hash of its plan. */
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
        return List.of(new Step("study", arguments, receipt()));
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
            plan.experiment().methods().forEach(method -> names.add(method.name()));
        }
        return names;
    }

    /** Writes the list of the pictures to be compared, once the grids are drawn. */
    void writeList() {
        Set<String> methods = methods();
        StringBuilder text = new StringBuilder();
        for (long seed : plan.experiment().seeds()) {
            Path manifest = new Pictures(plan).manifest(seed);
            try {
                for (String line : Files.readAllLines(manifest, StandardCharsets.UTF_8)) {
                    append(text, manifest, JSON.readTree(line), methods);
                }
            } catch (JsonProcessingException e) {
                throw new UserException(manifest + " has a line that is no JSON", e);
            } catch (IOException e) {
                throw new UserException(manifest + " cannot be read: " + e.getMessage(), e);
            }
        }
        AtomicFile.write(
                list(), out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void append(StringBuilder text, Path manifest, JsonNode line, Set<String> methods) {
        if (methods.contains(line.path("method").asText())) {
            Path picture = manifest.resolveSibling(line.path("file").asText());
            ObjectNode own = JSON.createObjectNode();
            own.put("file", plan.out().relativize(picture).toString());
            for (String key : List.of("method", "prompt", "style", "seed", "sha256")) {
                own.set(key, line.path(key));
            }
            text.append(own).append('\n');
        }
    }
}
