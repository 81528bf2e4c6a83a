package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.base.source.TextLines;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Labels from files that list many pictures: COCO's captions ({@code images} and {@code
 * annotations}, in any order), kohya's finetuning metadata (an object by picture), captions by
 * picture, lists of objects that name their file, the same as lines of JSON, tables with a column
 * that names it, and Flickr's lines of a picture and its caption. Read piece by piece, so that
 * their size does not matter.
 */
final class ListedLabels {
    private static final Set<String> ENDINGS = Set.of("json", "jsonl", "csv", "tsv");

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
            boolean list = ENDINGS.contains(member.extension()) || CaptionLine.mayList(member);
            if (list && !beside && !Leftovers.isAside(member)) {
                lists.read(tree, member, sink);
            }
        }
        return lists;
    }

    /** Returns what the lists say of {@code picture}. */
    Labels of(Member picture) {
        return labels.getOrDefault(picture.path(), Labels.NONE);
    }

    private void read(SourceTree tree, Member list, ItemSink sink) throws IOException {
        Pass pass = new Pass(list);
        try {
            switch (list.extension()) {
                case "json" -> pass.json(tree);
                case "jsonl" -> pass.lines(tree, sink);
                case "txt", "token" -> pass.captions(tree);
                default ->
                        Table.read(
                                tree,
                                list,
                                RowLabels::namesFile,
                                "file_name",
                                (line, row) -> pass.row(row));
            }
        } catch (JsonProcessingException e) {
            sink.reject(tree, list, "is not JSON: " + Json.problem(e));
            return;
        } catch (UserException e) {
            sink.reject(tree, list, String.valueOf(e.getMessage()));
            return;
        }
        if (pass.found == 0) {
            sink.reject(tree, list, "labels no picture in a way that is known");
        } else {
            pass.tell(tree.locator(list), sink);
        }
    }

    /** One reading of a file. */
    private final class Pass {
        private final Member list;
        private final Map<String, String> names = new HashMap<>();

        /** Captions by number of an image that has not been named yet. */
        private final Map<String, Labels> early = new LinkedHashMap<>();

        private long found;
        private long missing;
        private String firstMissing = "";
        private final UnclearLabels labelled = new UnclearLabels();
        private long unclear;
        private long firstUnclear;

        Pass(Member list) {
            this.list = list;
        }

        void tell(String name, ItemSink sink) {
            if (missing > 0) {
                sink.note(
                        "%s labels %d pictures that are not there, the first %s"
                                .formatted(name, missing, firstMissing));
            }
            labelled.tell(sink);
            if (unclear > 0) {
                sink.note(
                        "%s has %d lines without a picture and its caption, the first is line %d"
                                .formatted(name, unclear, firstUnclear));
            }
        }

        void json(SourceTree tree) throws IOException {
            try (Reader in = tree.reader(list);
                    JsonParser parser = LabelJson.parser(in)) {
                JsonToken first = parser.nextToken();
                if (first == JsonToken.START_ARRAY) {
                    rows(parser);
                } else if (first == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        entry(parser.currentName(), parser);
                    }
                }
            }
            early.forEach(this::labelImage);
        }

        /** A line that is no JSON is named; the others count. */
        void lines(SourceTree tree, ItemSink sink) throws IOException {
            try (TextLines in = new TextLines(tree.locator(list), tree.reader(list))) {
                for (String line = in.next(); line != null; line = in.next()) {
                    if (line.isBlank()) {
                        continue;
                    }
                    try {
                        row(LabelJson.read(line));
                    } catch (JsonProcessingException e) {
                        sink.reject(
                                new Problem(
                                        "%s line %d".formatted(tree.locator(list), in.number()),
                                        "is not JSON: " + Json.problem(e)));
                    }
                }
            }
        }

        /** A first line that names columns is passed over; others of no caption are counted. */
        void captions(SourceTree tree) throws IOException {
            try (TextLines in = new TextLines(tree.locator(list), tree.reader(list))) {
                for (String line = in.next(); line != null; line = in.next()) {
                    CaptionLine said = CaptionLine.of(line);
                    if (said != null) {
                        label(said.file(), Labels.NONE.withCaption(said.caption()));
                    } else if (!line.isBlank() && in.number() > 1) {
                        unclear++;
                        firstUnclear = unclear == 1 ? in.number() : firstUnclear;
                    }
                }
            }
        }

        private void entry(String key, JsonParser parser) throws IOException {
            JsonToken value = parser.nextToken();
            boolean coco = key.equals("images") || key.equals("annotations");
            if (FileKinds.isPicture(key)) {
                label(key, ofPicture(LabelJson.next(parser)));
            } else if (value == JsonToken.START_ARRAY && coco) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    coco(LabelJson.next(parser));
                }
            } else if (value == JsonToken.START_ARRAY) {
                rows(parser);
            } else if (value == JsonToken.START_OBJECT && !key.equals("info")) {
                JsonNode said = LabelJson.next(parser);
                if (said.has("caption") || said.has("tags")) {
                    label(key, ofPicture(said));
                }
            } else {
                parser.skipChildren();
            }
        }

        /** A caption, the first of several, or kohya's object, whose tags follow its caption. */
        private static Labels ofPicture(JsonNode said) {
            JsonNode text = said.isArray() ? said.path(0) : said;
            if (text.isTextual()) {
                return Labels.NONE.withCaption(text.asText());
            }
            Labels labels = RowLabels.of(said);
            String tags = said.path("tags").asText("").strip();
            if (tags.isEmpty()) {
                return labels;
            }
            String caption = labels.caption();
            return labels.withCaption(caption == null ? tags : caption + ", " + tags);
        }

        private void rows(JsonParser parser) throws IOException {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                row(LabelJson.next(parser));
            }
        }

        void row(JsonNode row) {
            String file = RowLabels.file(row);
            if (file != null) {
                label(file, labelled.row(file, row));
            }
        }

        /** An image, or a caption of one; each has several, of which the first is taken. */
        private void coco(JsonNode row) {
            String image = row.path("image_id").asText();
            if (row.has("file_name")) {
                names.put(row.path("id").asText(), row.path("file_name").asText());
            } else if (row.path("caption").isTextual()) {
                Labels said = RowLabels.of(row);
                if (names.containsKey(image)) {
                    labelImage(image, said);
                } else {
                    early.putIfAbsent(image, said);
                }
            }
        }

        private void labelImage(String image, Labels said) {
            String file = names.get(image);
            if (file != null) {
                label(file, said);
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
