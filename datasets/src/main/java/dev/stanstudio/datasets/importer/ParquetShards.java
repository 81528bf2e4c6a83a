package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.FileKinds;
import dev.stanstudio.datasets.collection.Labels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Parquet shards as Hugging Face writes them, huggan/wikiart among them, and img2dataset: a column
 * with the pictures' bytes, and labels as texts, lists of texts, or numbers whose names stand in
 * the file.
 */
final class ParquetShards implements Layout {
    private static final String STYLE = "style";

    /** Advice for what to_parquet leaves of pictures that were loaded from files. */
    private static final String EMBED =
            ", only a path; in Python, embed the bytes by"
                    + " ds.with_format(\"arrow\").map(datasets.table.embed_table_storage,"
                    + " batched=True) before to_parquet";

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
                    sink.reject(tree, member, "unpack the archive first");
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

    private static final class Shard {
        private final String source;
        private final @Nullable String split;
        private final ItemSink sink;
        private final UnclearLabels unclear = new UnclearLabels();
        private boolean imageless;
        private boolean furtherTold;

        Shard(String source, @Nullable String split, ItemSink sink) {
            this.source = source;
            this.split = split;
            this.sink = sink;
        }

        void read(Path file) throws IOException {
            ParquetRows.forEach(file, source, sink, this::row);
            unclear.tell(sink);
        }

        private void row(long number, ParquetRows.Row row) throws IOException {
            String column = row.head().image();
            if (column == null) {
                tellImageless(row.head());
                return;
            }
            tellFurther(column, row);
            String locator = source + " row " + number;
            Object image = row.values().get(column);
            Object bytes = image instanceof Map<?, ?> struct ? struct.get("bytes") : image;
            if (!(bytes instanceof Binary binary)) {
                boolean path = image instanceof Map<?, ?> struct && struct.get("path") != null;
                sink.reject(
                        new Problem(
                                locator, "has no bytes in column " + column + (path ? EMBED : "")));
                return;
            }
            sink.accept(
                    locator,
                    name(image, row),
                    labels(locator, row),
                    () -> new ByteArrayInputStream(binary.getBytes()));
        }

        /** Bytes without a mark tell by their beginning in the first row that they are pictures. */
        private void tellFurther(String column, ParquetRows.Row row) {
            if (furtherTold) {
                return;
            }
            furtherTold = true;
            List<String> further = new ArrayList<>(row.head().further());
            row.values()
                    .forEach(
                            (name, value) -> {
                                if (!name.equals(column) && value instanceof Binary bytes) {
                                    addPicture(name, bytes, further);
                                }
                            });
            if (!further.isEmpty()) {
                sink.note(
                        "%s has further pictures in %s, of which %s alone is taken"
                                .formatted(source, String.join(", ", further), column));
            }
        }

        private static void addPicture(String name, Binary bytes, List<String> further) {
            if (FileKinds.looksLikePicture(Arrays.copyOf(bytes.getBytes(), FileKinds.HEAD))) {
                further.add(name);
            }
        }

        private void tellImageless(ParquetHead head) {
            if (!imageless) {
                imageless = true;
                sink.reject(
                        new Problem(
                                source,
                                "has no column with the bytes of pictures; its columns are "
                                        + String.join(", ", head.columns())));
            }
        }

        private static String name(@Nullable Object image, ParquetRows.Row row) {
            Object path = image instanceof Map<?, ?> struct ? struct.get("path") : null;
            if (path == null) {
                path = row.values().get("file_name");
            }
            return path == null ? "" : String.valueOf(path);
        }

        private Labels labels(String locator, ParquetRows.Row row) {
            ClassNames names = row.head().names();
            if (row.values().get(STYLE) instanceof Number && !names.has(STYLE)) {
                // Copies of huggan/wikiart lose the names, but keep the numbers of ArtGAN.
                names.put(STYLE, ArtGan.STYLES);
                sink.note(source + " does not name its styles; the numbers are taken for ArtGAN's");
            }
            Labels labels = unclear.row(locator, row.labels());
            return labels.split() == null ? labels.withSplit(split) : labels;
        }
    }
}
