package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.collection.Labels;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hugging Face's imagefolder: {@code metadata.jsonl} or {@code metadata.csv} with a column {@code
 * file_name} beside or above the pictures; collections of this program are such folders too. A
 * picture without a style in its row takes it from its folder.
 */
final class ImageFolder implements Layout {
    private static final String LINES = "metadata.jsonl";
    private static final String TABLE = "metadata.csv";
    private static final String FILE_NAME = "file_name";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "imagefolder";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        return tree.members().stream().anyMatch(ImageFolder::isMetadata);
    }

    private static boolean isMetadata(Member member) {
        return member.name().equals(LINES) || member.name().equals(TABLE);
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        Reading reading = new Reading(tree, sink, Layouts.byPath(tree), new HashSet<>());
        for (Member member : tree.members()) {
            if (member.name().equals(LINES)) {
                reading.lines(member);
            } else if (member.name().equals(TABLE)) {
                Table.read(tree, member, FILE_NAME, (n, row) -> reading.row(member, n, row));
            }
        }
        reading.rejectUnlisted();
    }

    private record Reading(
            SourceTree tree, ItemSink sink, Map<String, Member> index, Set<String> listed) {

        void lines(Member metadata) throws IOException {
            try (BufferedReader in = new BufferedReader(tree.reader(metadata))) {
                long number = 0;
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    number++;
                    String json = SourceTree.withoutMark(line);
                    if (!json.isBlank()) {
                        line(metadata, number, json);
                    }
                }
            }
        }

        private void line(Member metadata, long number, String json) throws IOException {
            JsonNode row;
            try {
                row = JSON.readTree(json);
            } catch (JsonProcessingException e) {
                sink.reject(problem(metadata, number, "is not JSON: " + e.getOriginalMessage()));
                return;
            }
            row(metadata, number, row);
        }

        void row(Member metadata, long number, JsonNode row) throws IOException {
            String name = row.path(FILE_NAME).asText();
            if (name.isBlank()) {
                sink.reject(problem(metadata, number, "has no " + FILE_NAME));
                return;
            }
            if (Member.escapes(name)) {
                sink.reject(problem(metadata, number, name + " leads out of the folder"));
                return;
            }
            Member picture = index.get(metadata.sibling(Member.tidy(name)));
            if (picture == null) {
                sink.reject(problem(metadata, number, "there is no picture " + name));
                return;
            }
            listed.add(picture.path());
            sink.accept(tree, picture, labels(metadata, picture, row));
        }

        private Labels labels(Member metadata, Member picture, JsonNode row) {
            Labels labels = RowLabels.of(row);
            if (labels.styles().isEmpty()) {
                labels = labels.withStyles(folderStyle(metadata, picture));
            }
            return labels.split() == null ? labels.withSplit(Layouts.split(picture)) : labels;
        }

        /** The first folder below the metadata file that is no split. */
        private static List<String> folderStyle(Member metadata, Member picture) {
            List<String> folders = picture.folders();
            return folders.subList(metadata.folders().size(), folders.size()).stream()
                    .filter(folder -> Layouts.split(folder) == null && !folder.equals("images"))
                    .limit(1)
                    .toList();
        }

        private Problem problem(Member metadata, long line, String reason) {
            return new Problem(tree.locator(metadata) + " line " + line, reason);
        }

        void rejectUnlisted() {
            for (Member member : tree.members()) {
                if (member.isPicture() && !listed.contains(member.path())) {
                    sink.reject(new Problem(tree.locator(member), "no metadata file lists it"));
                }
            }
        }
    }
}
