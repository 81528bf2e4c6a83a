package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.datasets.collection.Labels;
import org.jspecify.annotations.Nullable;

/** Counts the labels of which the meaning cannot be told, so that none is passed over unsaid. */
final class UnclearLabels {
    private long count;
    private @Nullable String first;

    /** Reads the JSON of one picture; nothing where that is unclear. */
    Labels labels(String locator, JsonNode json) {
        Labels labels = RowLabels.ofSample(json);
        if (labels == null || (json.isObject() && RowLabels.hidesCaption(json))) {
            add(locator);
        }
        return labels == null ? Labels.NONE : labels;
    }

    /** Reads a row of a table. */
    Labels row(String locator, JsonNode row) {
        if (RowLabels.hidesCaption(row)) {
            add(locator);
        }
        return RowLabels.of(row);
    }

    private void add(String locator) {
        count++;
        first = first == null ? locator : first;
    }

    /** Notes how many there were. */
    void tell(ItemSink sink) {
        if (count > 0) {
            sink.note(
                    ("%s pictures have labels that say in no known way what is a caption, the"
                                    + " first %s")
                            .formatted(count, first));
        }
    }
}
