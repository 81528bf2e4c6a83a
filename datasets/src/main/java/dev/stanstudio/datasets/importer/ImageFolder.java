package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.base.source.TextLines;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's imagefolder: {@code metadata.jsonl}, {@code .csv} or {@code .parquet} with a
 * column {@code file_name} beside or above the pictures; collections of this program are such
 * folders too. A picture without a style in its row takes it from its folder.
 */
final class ImageFolder implements Layout {
    private static final String LINES = "metadata.jsonl";
    private static final Set<String> TABLES = Set.of("metadata.csv", "metadata.tsv");
    private static final String PARQUET = "metadata.parquet";
    private static final String FILE_NAME = "file_name";

    @Override
    public String name() {
        return "imagefolder";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        return tree.members().stream().anyMatch(ImageFolder::isMetadata)
                && tree.members().stream().anyMatch(Member::isPicture);
    }

    private static boolean isMetadata(Member member) {
        String name = member.name();
        return name.equals(LINES) || name.equals(PARQUET) || TABLES.contains(name);
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        Reading reading = new Reading(tree, sink, new PictureIndex(tree));
        for (Member member : tree.members()) {
            if (member.name().equals(LINES)) {
                reading.lines(member);
            } else if (member.name().equals(PARQUET)) {
                reading.parquet(member);
            } else if (TABLES.contains(member.name())) {
                Table.read(
                        tree,
                        member,
                        RowLabels::namesFile,
                        FILE_NAME,
                        (n, row) -> reading.row(member, "line " + n, row));
            }
        }
        reading.tell();
    }

    private static final class Reading {
        private final SourceTree tree;
        private final ItemSink sink;
        private final PictureIndex index;
        private final Set<String> listed = new HashSet<>();
        private final UnclearLabels unclear = new UnclearLabels();
        private long again;

        Reading(SourceTree tree, ItemSink sink, PictureIndex index) {
            this.tree = tree;
            this.sink = sink;
            this.index = index;
        }

        void lines(Member metadata) throws IOException {
            try (TextLines in = new TextLines(tree.locator(metadata), tree.reader(metadata))) {
                for (String line = in.next(); line != null; line = in.next()) {
                    // Files that were put together carry marks in their middle.
                    String json = line.startsWith("\uFEFF") ? line.substring(1) : line;
                    if (!json.isBlank()) {
                        line(metadata, "line " + in.number(), json);
                    }
                }
            }
        }

        private void line(Member metadata, String place, String json) throws IOException {
            JsonNode row;
            try {
                row = LabelJson.read(json);
            } catch (JsonProcessingException e) {
                sink.reject(problem(metadata, place, "is not JSON: " + Json.problem(e)));
                return;
            }
            row(metadata, place, row);
        }

        void parquet(Member metadata) throws IOException {
            Path file = tree.file(metadata).orElse(null);
            if (file == null) {
                sink.reject(tree, metadata, "unpack the archive first");
                return;
            }
            ParquetRows.forEach(
                    file,
                    tree.locator(metadata),
                    sink,
                    (number, row) -> row(metadata, "row " + number, row.labels()));
        }

        void row(Member metadata, String place, JsonNode row) throws IOException {
            String name = RowLabels.file(row);
            if (name == null) {
                sink.reject(problem(metadata, place, "has no " + FILE_NAME));
                return;
            }
            if (Member.escapes(name)) {
                sink.reject(problem(metadata, place, name + " leads out of the folder"));
                return;
            }
            @Nullable Member picture = index.at(metadata.sibling(Member.tidy(name)));
            if (picture == null) {
                sink.reject(problem(metadata, place, "there is no picture " + name));
                return;
            }
            again += listed.add(picture.path()) ? 0 : 1;
            Labels said = unclear.row(tree.locator(metadata) + " " + place, row);
            sink.accept(tree, picture, labels(metadata, picture, said));
        }

        private Labels labels(Member metadata, Member picture, Labels said) {
            Labels labels = said;
            if (labels.styles().isEmpty()) {
                labels = labels.withStyles(folderStyle(metadata, picture));
            }
            return labels.split() == null ? labels.withSplit(Layouts.split(picture)) : labels;
        }

        /** The first folder below the metadata file that may name a style. */
        private static List<String> folderStyle(Member metadata, Member picture) {
            List<String> folders = picture.folders();
            return ContainerFolders.style(
                    folders.subList(metadata.folders().size(), folders.size()));
        }

        private Problem problem(Member metadata, String place, String reason) {
            return new Problem(tree.locator(metadata) + " " + place, reason);
        }

        void tell() {
            unclear.tell(sink);
            for (Member member : tree.members()) {
                if (member.isPicture() && !listed.contains(member.path())) {
                    sink.reject(tree, member, "no metadata file lists it");
                }
            }
            if (again > 0) {
                sink.note(
                        again
                                + " lines list a picture that an earlier line lists; its first"
                                + " caption stays, and styles are added");
            }
        }
    }
}
