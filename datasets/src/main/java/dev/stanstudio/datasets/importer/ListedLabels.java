package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Labels from JSON files that list many pictures: COCO's captions ({@code images} and {@code
 * annotations}), kohya's finetuning metadata (an object by picture) and plain lists of objects that
 * name their file. Read piece by piece, so that their size does not matter.
 */
final class ListedLabels {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Labels> labels = new HashMap<>();
    private final PictureIndex index;

    private ListedLabels(PictureIndex index) {
        this.index = index;
    }

    /** Reads the lists of {@code tree}; one that labels nothing is rejected. */
    static ListedLabels read(SourceTree tree, ItemSink sink) throws IOException {
        ListedLabels lists = new ListedLabels(new PictureIndex(tree));
        Set<String> stems = new HashSet<>();
        for (Member picture : Layouts.pictures(tree)) {
            stems.add(picture.pathStem());
            stems.add(picture.path());
        }
        for (Member member : tree.members()) {
            boolean beside = stems.contains(member.pathStem());
            if (member.extension().equals("json") && !beside && !Leftovers.isAside(member)) {
                lists.read(tree, member, sink);
            }
        }
        return lists;
    }

    /** What the lists say of {@code picture}. */
    Labels of(Member picture) {
        return labels.getOrDefault(picture.path(), Labels.NONE);
    }

    private void read(SourceTree tree, Member list, ItemSink sink) throws IOException {
        Pass pass = new Pass(list);
        try (Reader in = tree.reader(list);
                JsonParser parser = JSON.createParser(in)) {
            pass.read(parser);
        } catch (JsonProcessingException e) {
            sink.reject(tree, list, "is not JSON: " + e.getOriginalMessage());
            return;
        } catch (UserException e) {
            sink.reject(tree, list, String.valueOf(e.getMessage()));
            return;
        }
        if (pass.found == 0) {
            sink.reject(tree, list, "labels no picture in a way that is known");
        } else if (pass.missing > 0) {
            sink.note(
                    tree.locator(list)
                            + " labels "
                            + pass.missing
                            + " pictures that are not there, the first "
                            + pass.firstMissing);
        }
    }

    /** One reading of a file. */
    private final class Pass {
        private final Member list;
        private final Map<String, String> names = new HashMap<>();
        private long found;
        private long missing;
        private String firstMissing = "";

        Pass(Member list) {
            this.list = list;
        }

        void read(JsonParser parser) throws IOException {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                rows(parser);
            } else if (first == JsonToken.START_OBJECT) {
                for (String key = parser.nextFieldName();
                        key != null;
                        key = parser.nextFieldName()) {
                    entry(key, parser);
                }
            }
        }

        private void entry(String key, JsonParser parser) throws IOException {
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_ARRAY
                    && (key.equals("images") || key.equals("annotations"))) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    coco(JSON.readTree(parser));
                }
            } else if (value == JsonToken.START_OBJECT && !key.equals("info")) {
                JsonNode said = JSON.readTree(parser);
                if (said.has("caption") || said.has("tags")) {
                    label(key, RowLabels.of(said));
                }
            } else {
                parser.skipChildren();
            }
        }

        private void rows(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                JsonNode row = JSON.readTree(parser);
                String file = RowLabels.file(row);
                if (file != null) {
                    label(file, RowLabels.of(row));
                }
            }
        }

        /** An image, or a caption of one; each has several, of which the first is taken. */
        private void coco(JsonNode row) {
            if (row.has("file_name")) {
                names.put(row.path("id").asText(), row.path("file_name").asText());
            } else {
                String file = names.get(row.path("image_id").asText());
                if (file != null && row.path("caption").isTextual()) {
                    label(file, RowLabels.of(row));
                }
            }
        }

        private void label(String file, Labels said) {
            String path = Member.tidy(file);
            Member picture = Member.escapes(file) ? null : index.at(list.sibling(path));
            picture = picture == null ? index.named(path) : picture;
            if (picture == null) {
                missing++;
                firstMissing = missing == 1 ? file : firstMissing;
            } else {
                found++;
                labels.merge(picture.path(), said, Labels::orElse);
            }
        }
    }
}
