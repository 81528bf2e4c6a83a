package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import dev.stanstudio.datasets.collection.Labels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Parquet shards as Hugging Face writes them, huggan/wikiart among them: a column {@code image}
 * with the file's bytes, and labels as texts or as numbers whose names stand in the file.
 */
final class ParquetShards implements Layout {
    private static final String IMAGE = "image";
    private static final String STYLE = "style";

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        return tree.members().stream().noneMatch(Member::isPicture)
                && tree.members().stream().anyMatch(ParquetShards::isShard);
    }

    private static boolean isShard(Member member) {
        return member.extension().equals("parquet");
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        for (Member member : tree.members()) {
            if (isShard(member)) {
                Path file = tree.file(member).orElse(null);
                if (file == null) {
                    sink.reject(new Problem(tree.locator(member), "unpack the archive first"));
                } else {
                    new Shard(tree.locator(member), split(member), sink).read(file);
                }
            }
        }
    }

    /** The split of {@code train-00000-of-00072.parquet}. */
    private static @Nullable String split(Member member) {
        String byName = Layouts.split(member.stem().replaceAll("[-_.].*", ""));
        return byName == null ? Layouts.split(member) : byName;
    }

    private record Shard(String source, @Nullable String split, ItemSink sink) {

        void read(Path file) throws IOException {
            long row = 0;
            try (CloseableIterator<Map<String, Object>> rows = open(file)) {
                ClassNames names = ClassNames.of(file);
                for (Map<String, Object> next = next(rows); next != null; next = next(rows)) {
                    row(row++, next, names);
                }
            } catch (Damage e) {
                String reason = SourceTree.reason(e);
                sink.reject(
                        new Problem(
                                source,
                                row == 0
                                        ? "is truncated or no parquet file (" + reason + ")"
                                        : "is damaged after row "
                                                + (row - 1)
                                                + " ("
                                                + reason
                                                + ")"));
            }
        }

        @SuppressWarnings("unchecked") // rows are maps by column name
        private static CloseableIterator<Map<String, Object>> open(Path file) throws Damage {
            try {
                Class<Map<String, Object>> type = (Class<Map<String, Object>>) (Class<?>) Map.class;
                return new CarpetReader<>(file.toFile(), type).iterator();
            } catch (RuntimeException e) {
                throw new Damage(e);
            }
        }

        private static @Nullable Map<String, Object> next(
                CloseableIterator<Map<String, Object>> rows) throws Damage {
            try {
                return rows.hasNext() ? rows.next() : null;
            } catch (RuntimeException e) {
                throw new Damage(e);
            }
        }

        private void row(long number, Map<String, Object> row, ClassNames names)
                throws IOException {
            String locator = source + " row " + number;
            Object image = row.get(IMAGE);
            Object bytes = image instanceof Map<?, ?> struct ? struct.get("bytes") : image;
            if (!(bytes instanceof Binary binary)) {
                sink.reject(new Problem(locator, "has no bytes in column " + IMAGE));
                return;
            }
            Object path = image instanceof Map<?, ?> struct ? struct.get("path") : null;
            sink.accept(
                    locator,
                    path == null ? "" : String.valueOf(path),
                    labels(row, names),
                    () -> new ByteArrayInputStream(binary.getBytes()));
        }

        private Labels labels(Map<String, Object> row, ClassNames names) {
            if (row.get(STYLE) instanceof Number && !names.has(STYLE)) {
                // Copies of huggan/wikiart lose the names, but keep the numbers of ArtGAN.
                names.put(STYLE, ArtGan.STYLES);
                sink.note(source + " does not name its styles; the numbers are taken for ArtGAN's");
            }
            ObjectNode texts = JsonNodeFactory.instance.objectNode();
            row.forEach(
                    (column, value) -> {
                        if (value instanceof Long || value instanceof Integer) {
                            texts.put(column, names.name(column, ((Number) value).longValue()));
                        } else if (value instanceof String text) {
                            texts.put(column, text);
                        }
                    });
            Labels labels = RowLabels.of(texts);
            return labels.split() == null ? labels.withSplit(split) : labels;
        }
    }

    /** The file is not what it should be; the library says so with many exceptions. */
    private static final class Damage extends IOException {
        Damage(Exception cause) {
            super(SourceTree.reason(cause), cause);
        }
    }
}
