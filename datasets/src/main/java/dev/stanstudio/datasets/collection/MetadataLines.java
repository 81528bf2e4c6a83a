package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON objects, one per line, read one at a time. */
final class MetadataLines {
    /** Receives a line. */
    interface Visitor {
        /**
         * @throws IllegalArgumentException when the line makes no sense
         */
        void visit(JsonNode line) throws IOException;
    }

    private MetadataLines() {}

    /** Visits every line; reports one that makes no sense with its number. */
    static void read(Path file, Visitor visitor) throws IOException {
        long number = 0;
        try (TextLines in =
                new TextLines(
                        file.toString(), Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
            for (String line = in.next(); line != null; line = in.next()) {
                number = in.number();
                if (!line.isBlank()) {
                    visitor.visit(Json.PLAIN.readTree(line));
                }
            }
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "%s line %s is not JSON: %s".formatted(file, number, Json.problem(e)), e);
        } catch (IllegalArgumentException e) {
            throw new UserException("%s line %s %s".formatted(file, number, e.getMessage()), e);
        }
    }

    static byte[] line(JsonNode node) {
        return (node + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
