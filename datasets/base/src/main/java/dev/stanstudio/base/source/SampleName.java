package dev.stanstudio.base.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of a member of a webdataset tar, split as the webdataset library does (its {@code
 * base_plus_ext}): the key ends at the first dot after the last slash, the rest in lower case is
 * the field.
 *
 * @param path the member's path
 * @param key what all members of a sample share
 * @param field such as {@code jpg} or {@code caption.txt}
 */
public record SampleName(String path, String key, String field) {
    /** The parts of {@code path}; null where it has none, and the library skips the file. */
    public static @Nullable SampleName of(String path) {
        int name = path.lastIndexOf('/') + 1;
        int dot = path.indexOf('.', name);
        return dot <= name
                ? null
                : new SampleName(
                        path,
                        path.substring(0, dot),
                        path.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** The field without its last ending: {@code fuji} of {@code mount.fuji.jpg}. */
    String prefix() {
        int dot = field.lastIndexOf('.');
        return dot < 0 ? "" : field.substring(0, dot);
    }

    /** The last ending of the field: {@code jpg} of {@code mount.fuji.jpg}. */
    String ending() {
        return field.substring(field.lastIndexOf('.') + 1);
    }
}
