package dev.stanstudio.scoring.report;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gives the files of a scoring their names once all of them are written, so that a full disk leaves
 * no old report beside new rows.
 */
final class ResultFiles {
    private ResultFiles() {}

    /**
     * Writes files into {@code folder}.
     *
     * @param contents what writes each file, by its name
     * @param rows gives the rows their names; called once everything else is written
     * @throws UserException if a file cannot be written; those that were there stay then
     */
    static void write(Path folder, Map<String, Consumer<Path>> contents, Runnable rows) {
        Map<String, Path> parts = new LinkedHashMap<>();
        try {
            contents.forEach(
                    (name, content) -> {
                        Path part = folder.resolve("." + name + ".part");
                        parts.put(name, part);
                        content.accept(part);
                    });
            rows.run();
            for (Map.Entry<String, Path> part : parts.entrySet()) {
                Files.move(
                        part.getValue(),
                        folder.resolve(part.getKey()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UserException(
                    "cannot write into %s: %s".formatted(folder, AtomicFile.reason(e)), e);
        } finally {
            parts.values().forEach(ResultFiles::delete);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // The remaining file is hidden, and the next run overwrites it.
        }
    }
}
