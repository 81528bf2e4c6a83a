package dev.stanstudio.base.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers about two pictures of one prompt: a line of JSON each, with {@code prompt}, {@code
 * chosen} and {@code rejected} as a study exports them, and {@code tie}, {@code votes} and {@code
 * question} where there are any. Immutable.
 *
 * @param line number in the file, from 1
 * @param prompt the text that both pictures were asked for
 * @param chosen the preferred picture, or one of two that tie
 * @param rejected the other one
 * @param tie whether none was preferred
 * @param count how many votes said so
 * @param question that was asked, empty where the file says none
 */
public record PreferenceVote(
        long line,
        String prompt,
        Path chosen,
        Path rejected,
        boolean tie,
        long count,
        String question) {

    /**
     * Reads a file.
     *
     * @param pictures the folder that relative paths of pictures count from
     * @throws UserException if it cannot be read, has no line, or a line is no vote
     */
    public static List<PreferenceVote> read(Path file, Path pictures) {
        List<PreferenceVote> votes = new ArrayList<>();
        try {
            long number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                if (!line.isBlank()) {
                    votes.add(new Reader(file, number).vote(line, pictures));
                }
            }
        } catch (IOException e) {
            throw new UserException("cannot read %s: %s".formatted(file, AtomicFile.reason(e)), e);
        }
        if (votes.isEmpty()) {
            throw new UserException(
                    file + " has no votes; export a study that is locked, or write lines yourself");
        }
        return votes;
    }

    /**
     * Returns the votes that answer a question.
     *
     * @param file that they are of, for messages
     * @param question null for the only one
     * @throws UserException if none was asked for among several, or nobody answered it
     */
    public static List<PreferenceVote> answering(
            List<PreferenceVote> votes, Path file, @Nullable String question) {
        List<String> questions = votes.stream().map(PreferenceVote::question).distinct().toList();
        if (question == null && questions.size() > 1) {
            throw new UserException(
                    "%s answers %d questions; choose one with --question: %s"
                            .formatted(file, questions.size(), String.join(" | ", questions)));
        }
        if (question != null && !questions.contains(question)) {
            throw new UserException(
                    "%s has no votes on '%s'; it has: %s"
                            .formatted(file, question, String.join(" | ", questions)));
        }
        return votes.stream()
                .filter(vote -> question == null || vote.question().equals(question))
                .toList();
    }

    private record Reader(Path file, long number) {
        PreferenceVote vote(String text, Path pictures) {
            JsonNode line = json(text);
            if (line.has("winner") && !line.has("chosen")) {
                throw refused(
                        "names methods and no pictures; take preferences.jsonl of the same report");
            }
            Path chosen = pictures.resolve(text(line, "chosen")).normalize();
            Path rejected = pictures.resolve(text(line, "rejected")).normalize();
            if (chosen.equals(rejected)) {
                throw refused("compares " + chosen + " with itself");
            }
            long count = line.path("votes").asLong(1);
            if (count < 1) {
                throw refused("has %d votes, which must be at least 1".formatted(count));
            }
            return new PreferenceVote(
                    number,
                    text(line, "prompt"),
                    chosen,
                    rejected,
                    line.path("tie").asBoolean(false),
                    count,
                    line.path("question").asText(""));
        }

        private JsonNode json(String text) {
            try {
                JsonNode line = Json.PLAIN.readTree(text);
                if (line.isObject()) {
                    return line;
                }
            } catch (JsonProcessingException e) {
                throw new UserException(
                        "%s line %d is no JSON: %s".formatted(file, number, e.getOriginalMessage()),
                        e);
            }
            throw refused("is no JSON object");
        }

        private String text(JsonNode line, String key) {
            if (!line.path(key).isTextual()) {
                throw refused(
                        "has no text \"%s\"; a line has \"prompt\", \"chosen\" and \"rejected\""
                                .formatted(key));
            }
            if (line.path(key).asText().isBlank()) {
                throw refused("has an empty \"%s\"".formatted(key));
            }
            return line.path(key).asText();
        }

        private UserException refused(String what) {
            return new UserException("%s line %d %s".formatted(file, number, what));
        }
    }
}
