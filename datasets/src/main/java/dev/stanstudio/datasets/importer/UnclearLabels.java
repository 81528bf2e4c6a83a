package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.collection.Labels;
import org.jspecify.annotations.Nullable;

/** Counts the labels of which the meaning cannot be told, so that none is passed over unsaid. */
final class UnclearLabels {
    private final Count captions = new Count();
    private final Count styles = new Count();

    /** Reads the JSON of one picture; nothing where that is unclear. */
    Labels labels(String locator, JsonNode json) {
        Labels labels = RowLabels.ofSample(json);
        if (labels == null) {
            captions.add(locator);
        } else if (json.isObject()) {
            return row(locator, json);
        }
        return labels == null ? Labels.NONE : labels;
    }

    /** Reads a row of a table. */
    Labels row(String locator, JsonNode row) {
        if (RowLabels.hidesCaption(row)) {
            captions.add(locator);
        }
        if (RowLabels.hidesStyle(row)) {
            styles.add(locator);
        }
        return RowLabels.of(row);
    }

    /** Notes how many there were. */
    void tell(ItemSink sink) {
        captions.tell(
                sink, "pictures have labels that say in no known way what is a caption, the first");
        styles.tell(
                sink, "pictures have a style that is no text and is not taken for one, the first");
    }

    private static final class Count {
        private long count;
        private @Nullable String first;

        void add(String locator) {
            count++;
            first = first == null ? locator : first;
        }

        void tell(ItemSink sink, String what) {
            if (count > 0) {
                sink.note("%s %s %s".formatted(count, what, first));
            }
        }
    }
}
