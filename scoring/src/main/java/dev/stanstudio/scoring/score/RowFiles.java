package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.CsvText;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes every picture's numbers as JSON lines and as a table. The files get their names when they
 * are complete.
 */
public final class RowFiles implements AutoCloseable {
    /** JSON lines. */
    public static final String LINES = "pictures.jsonl";

    /** The same as a table; texts as {@link CsvText} writes them. */
    public static final String TABLE = "pictures.csv";

    private final Path folder;
    private final List<String> metrics;
    private final BufferedWriter lines;
    private final BufferedWriter table;

    /**
     * Opens the files in {@code folder}, which is created if it is missing.
     *
     * @param metrics the columns of the table
     */
    public RowFiles(Path folder, List<String> metrics) {
        this(folder, metrics, file -> Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    }

    /** Opens a writer of a file. */
    interface Opener {
        BufferedWriter open(Path file) throws IOException;
    }

    RowFiles(Path folder, List<String> metrics, Opener opener) {
        this.folder = folder;
        this.metrics = List.copyOf(metrics);
        try {
            Files.createDirectories(folder);
            lines = opener.open(part(LINES));
        } catch (IOException e) {
            throw unwritable(e);
        }
        try {
            table = opener.open(part(TABLE));
        } catch (IOException e) {
            discard(lines, LINES);
            throw unwritable(e);
        }
        try {
            List<String> columns =
                    new ArrayList<>(
                            List.of(
                                    "file", "sha256", "method", "style", "content", "prompt",
                                    "seed"));
            columns.addAll(metrics);
            columns.addAll(List.of("predicted", "nearest", "training"));
            addRow(columns.toArray());
        } catch (IOException e) {
            close();
            throw unwritable(e);
        }
    }

    private Path part(String name) {
        return folder.resolve("." + name + ".part");
    }

    private UserException unwritable(IOException e) {
        return new UserException(
                "cannot write into %s: %s".formatted(folder, AtomicFile.reason(e)), e);
    }

    /** Adds a picture. */
    public void add(ScoredPicture picture) {
        try {
            lines.write(Json.SNAKE_CASE.writeValueAsString(picture));
            lines.newLine();
            List<@Nullable Object> row = new ArrayList<>();
            row.add(picture.listed().file());
            row.add(picture.hash());
            row.add(picture.listed().method());
            row.add(picture.listed().style());
            row.add(picture.listed().content());
            row.add(picture.listed().prompt());
            row.add(picture.listed().seed());
            metrics.forEach(metric -> row.add(picture.scores().get(metric)));
            row.add(picture.predicted());
            row.add(picture.nearest());
            row.add(picture.listed().trained());
            addRow(row.toArray());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void addRow(@Nullable Object[] row) throws IOException {
        table.write(CSVFormat.DEFAULT.format(CsvText.row(Arrays.asList(row)).toArray()));
        table.newLine();
    }

    /** Closes the files and gives them their names. */
    public void finish() {
        try (lines;
                table) {
            lines.flush();
            table.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
        try {
            for (String name : List.of(LINES, TABLE)) {
                Files.move(part(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Closes both files and removes what was not finished. */
    @Override
    public void close() {
        discard(lines, LINES);
        discard(table, TABLE);
    }

    private void discard(BufferedWriter writer, String name) {
        try {
            writer.close();
        } catch (IOException e) {
            // The content is dropped anyway.
        }
        try {
            Files.deleteIfExists(part(name));
        } catch (IOException e) {
            // The remaining file is hidden, and the next run overwrites it.
        }
    }
}
