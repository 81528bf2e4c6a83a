package dev.stanstudio.datasets.sample;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what stands around a captioner's words.
 *
 * @param trigger a word in front, followed by a comma; null for none
 * @param prefix a text in front of the caption; null for none
 * @param suffix a text after the caption; null for none
 */
record CaptionWording(@Nullable String trigger, @Nullable String prefix, @Nullable String suffix) {
    /** Returns the whole caption, its parts joined by blanks. */
    String around(String caption) {
        List<String> parts = new ArrayList<>();
        if (trigger != null && !trigger.isBlank()) {
            parts.add(trigger.strip() + ",");
        }
        if (prefix != null && !prefix.isBlank()) {
            parts.add(prefix.strip());
        }
        parts.add(caption);
        String text = String.join(" ", parts);
        if (suffix == null || suffix.isBlank()) {
            return text;
        }
        String end = suffix.strip();
        // ", oil on canvas" follows the last word without a blank.
        return ",.;:!?".indexOf(end.charAt(0)) >= 0 ? text + end : text + " " + end;
    }
}
