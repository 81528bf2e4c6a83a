package dev.stanstudio.datasets.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.collection.StyleItem;

/**
 * A picture to be exported.
 *
 * @param item the picture
 * @param caption its caption
 * @param part folder or name of its part of the collection, empty where nothing is parted
 * @param stem its file name without extension, unique in the export
 * @param extension of its file, lower case, without the dot
 */
record Entry(StyleItem item, String caption, String part, String stem, String extension) {
    /** The file's name. */
    String name() {
        return stem + "." + extension;
    }

    /** What is known about it, for a label file that names the picture {@code fileName}. */
    ObjectNode json(String fileName) {
        return item.toJson().put("file_name", fileName).put("text", caption);
    }
}
