package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.stanstudio.base.CsvText;
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
 * Every picture's numbers as JSON lines and as a table. The files get their names when they are
 * whole.
 */
public final class RowFiles implements AutoCloseable {
    /** JSON lines. */
    public static final String LINES = "pictures.jsonl";

    /** The same as a table; texts as {@link CsvText} writes them. */
    public static final String TABLE = "pictures.csv";

    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private final Path folder;
    private final List<String> metrics;
    private final BufferedWriter lines;
    private final BufferedWriter table;

    /**
     * Begins the files in {@code folder}, which is made if it is missing.
     *
     * @param metrics the columns of the table
     */
    public RowFiles(Path folder, List<String> metrics) {
        this.folder = folder;
        this.metrics = List.copyOf(metrics);
        try {
            Files.createDirectories(folder);
            lines = Files.newBufferedWriter(part(LINES), StandardCharsets.UTF_8);
            List<String> columns =
                    new ArrayList<>(
                            List.of(
                                    "file", "sha256", "method", "style", "content", "prompt",
                                    "seed"));
            columns.addAll(metrics);
            columns.addAll(List.of("predicted", "nearest"));
            table = Files.newBufferedWriter(part(TABLE), StandardCharsets.UTF_8);
            addRow(columns.toArray());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private Path part(String name) {
        return folder.resolve("." + name + ".part");
    }

    private UserException unwritable(IOException e) {
        return new UserException("cannot write into " + folder + ": " + e.getMessage(), e);
    }

    /** Adds a picture. */
    public void add(ScoredPicture picture) {
        try {
            lines.write(JSON.writeValueAsString(picture));
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

    /** Gives the files their names. */
    public void finish() {
        try {
            lines.close();
            table.close();
            for (String name : List.of(LINES, TABLE)) {
                Files.move(part(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Removes what was not finished. */
    @Override
    public void close() {
        try {
            lines.close();
            table.close();
            Files.deleteIfExists(part(LINES));
            Files.deleteIfExists(part(TABLE));
        } catch (IOException e) {
            // What stays behind is hidden and overwritten by the next run.
        }
    }
}
