package dev.stanstudio.synth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.PictureHash;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The lines of a drawn collection: what is planned, completed by what only the finished picture
 * tells.
 */
final class SynthLines {
    private static final String SHA256 = "sha256";

    /** Fields that {@link #complete} adds and {@code dataset split} may change. */
    private static final List<String> ADDED =
            List.of(
                    SHA256, "width", "height", "dhash", "styles", "artist", "genre", "licence",
                    "source", "split");

    private SynthLines() {}

    /** Returns the planned fields of a line, completed or not. */
    static ObjectNode plan(ObjectNode line) {
        return line.deepCopy().remove(ADDED);
    }

    /** Adds what all collections' lines have; leaves a line alone that has it. */
    static void complete(ObjectNode line, Path file) throws IOException {
        if (line.has(SHA256)) {
            return;
        }
        Picture picture = Picture.read(file);
        Labels labels =
                Labels.NONE
                        .withStyles(List.of(line.path("style").asText()))
                        .withContent(line.path("content").asText())
                        .withCaption(line.path("text").asText());
        StyleItem item =
                new StyleItem(
                        line.path("file_name").asText(),
                        labels,
                        Sha256.of(Files.readAllBytes(file)),
                        picture.width(),
                        picture.height(),
                        line.path("generator").asText(),
                        PictureHash.of(picture));
        item.toJson().properties().forEach(key -> line.putIfAbsent(key.getKey(), key.getValue()));
    }

    /** The file appears whole or not at all. */
    static void write(Path file, List<ObjectNode> lines) {
        AtomicFile.write(
                file,
                out -> {
                    for (ObjectNode line : lines) {
                        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                });
    }
}
