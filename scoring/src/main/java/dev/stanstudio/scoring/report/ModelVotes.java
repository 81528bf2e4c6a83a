package dev.stanstudio.scoring.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.score.Definition;
import dev.stanstudio.scoring.score.RowFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Votes of a metric on pictures of the same prompt, in the lines of {@code preferences.jsonl}. Each
 * says that a model gave it, and which one, so that it is never taken for a person's.
 *
 * @param definition of the metric that votes
 * @param pairs which pictures of a prompt are compared
 * @param margin two numbers at most so far apart are a tie; at least 0
 */
record ModelVotes(Definition definition, Pairing pairs, double margin) {
    private static final int HASH_SHOWN = 16;

    /** Choices of pairs. */
    enum Pairing {
        /** Every two pictures of a prompt. */
        ALL,
        /** The best and the worst picture of a prompt. */
        EXTREMES
    }

    /** A picture with its number; larger is better. */
    private record Scored(String file, String prompt, double number) {}

    /** Returns who votes: a model by its name and hash. */
    String rater() {
        String hash = definition.fingerprint();
        return "model: %s %s"
                .formatted(
                        definition.model(), hash.substring(0, Math.min(HASH_SHOWN, hash.length())));
    }

    /**
     * Returns the votes on the pictures of a scoring.
     *
     * @param scores folder of the scoring
     * @param pictures folder that its files count from
     * @param method whose pictures alone are compared; null for all
     * @throws UserException if a picture is not what was scored, or there are no two of a prompt
     */
    List<ObjectNode> read(Path scores, Path pictures, @Nullable String method) {
        Map<String, List<Scored>> byPrompt = new LinkedHashMap<>();
        Path file = scores.resolve(RowFiles.LINES);
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                add(byPrompt, Json.SNAKE_CASE.readTree(line), pictures, method);
            }
        } catch (IOException e) {
            throw new UserException("cannot read %s: %s".formatted(file, AtomicFile.reason(e)), e);
        }
        List<ObjectNode> votes = new ArrayList<>();
        byPrompt.values().forEach(scored -> vote(votes, scored));
        if (votes.isEmpty()) {
            throw new UserException(
                    "%s has no two pictures of one prompt%s with a %s; draw each prompt with several seeds"
                            .formatted(
                                    file,
                                    method == null ? "" : " by " + method,
                                    definition.metric()));
        }
        return votes;
    }

    private void add(
            Map<String, List<Scored>> byPrompt,
            JsonNode row,
            Path pictures,
            @Nullable String method) {
        JsonNode number = row.path("scores").path(definition.metric());
        String prompt = row.path("prompt").asText("");
        boolean wanted = method == null || row.path("method").asText().equals(method);
        if (!wanted || !number.isNumber() || prompt.isBlank()) {
            return;
        }
        String name = row.path("file").asText();
        Path picture = pictures.resolve(name);
        if (!Files.isRegularFile(picture)
                || !Sha256.ofFile(picture).equals(row.path("sha256").asText())) {
            throw new UserException(
                    "%s is not the picture that was scored; name the folder of the scored pictures with --pictures"
                            .formatted(picture));
        }
        double sign = MetricWords.isSmaller(definition) ? -1 : 1;
        byPrompt.computeIfAbsent(prompt, p -> new ArrayList<>())
                .add(new Scored(name, prompt, sign * number.asDouble()));
    }

    private void vote(List<ObjectNode> votes, List<Scored> scored) {
        List<Scored> best = new ArrayList<>(scored);
        best.sort(Comparator.comparingDouble(Scored::number).reversed());
        if (pairs == Pairing.EXTREMES) {
            if (best.size() > 1) {
                votes.add(vote(best.get(0), best.get(best.size() - 1)));
            }
            return;
        }
        for (int i = 0; i < best.size(); i++) {
            for (int j = i + 1; j < best.size(); j++) {
                votes.add(vote(best.get(i), best.get(j)));
            }
        }
    }

    private ObjectNode vote(Scored better, Scored worse) {
        ObjectNode vote = Json.PLAIN.createObjectNode();
        vote.put("prompt", better.prompt());
        vote.put("chosen", better.file());
        vote.put("rejected", worse.file());
        vote.put("tie", better.number() - worse.number() <= margin);
        vote.put("question", "%s, %s".formatted(rater(), definition.metric()));
        vote.put("rater", rater());
        return vote;
    }
}
