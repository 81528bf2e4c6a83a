package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.caption.Titles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/**
 * The names behind the numbers of class-label columns, from the features that Hugging Face writes
 * into a parquet file's metadata.
 */
final class ClassNames {
    private static final String KEY = "huggingface";

    private final Map<String, List<String>> names = new HashMap<>();

    private ClassNames() {}

    static ClassNames of(Path file) throws IOException {
        ClassNames result = new ClassNames();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            String features = reader.getFooter().getFileMetaData().getKeyValueMetaData().get(KEY);
            if (features != null) {
                result.parse(features);
            }
        }
        return result;
    }

    private void parse(String json) throws JsonProcessingException {
        JsonNode features = new ObjectMapper().readTree(json).path("info").path("features");
        features.properties()
                .forEach(
                        feature -> {
                            List<String> column = new ArrayList<>();
                            feature.getValue().path("names").forEach(n -> column.add(n.asText()));
                            if (!column.isEmpty()) {
                                names.put(feature.getKey(), column);
                            }
                        });
    }

    boolean has(String column) {
        return names.containsKey(column);
    }

    /** The numbers of {@code column} mean these names. */
    void put(String column, List<String> columnNames) {
        names.put(column, columnNames);
    }

    /** The name of a class; null where it has none or says that it is not known. */
    @Nullable String name(String column, long number) {
        List<String> all = names.getOrDefault(column, List.of());
        if (number < 0 || number >= all.size()) {
            return null;
        }
        String words = Titles.words(all.get((int) number));
        return words.startsWith("Unknown ") ? null : words;
    }
}
