package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A style collection on disk: a folder in Hugging Face's imagefolder layout, pictures below {@code
 * images/} and one line per picture in {@code metadata.jsonl}. Immutable; may be shared between
 * threads.
 */
public final class StyleCollection {
    /** The file that lists the pictures. */
    public static final String METADATA = "metadata.jsonl";

    /** The lines of a collection that is being made; it is there as long as it is not whole. */
    public static final String JOURNAL = ".metadata.jsonl.part";

    /** The folder that holds them. */
    static final String IMAGES = "images";

    private final Path folder;

    private StyleCollection(Path folder) {
        this.folder = folder;
    }

    /**
     * The collection in {@code folder}.
     *
     * @throws UserException when there is none, or its import was not finished
     */
    public static StyleCollection open(Path folder) {
        if (Files.isRegularFile(folder.resolve(METADATA))) {
            return new StyleCollection(folder);
        }
        if (Files.isRegularFile(folder.resolve(JOURNAL))) {
            throw new UserException(
                    folder
                            + " holds an unfinished import or drawing; run the same command again"
                            + " to finish it");
        }
        throw new UserException(
                folder + missing(folder) + "; make one with studio dataset import or synth");
    }

    private static String missing(Path folder) {
        if (Files.isDirectory(folder)) {
            return " is no style collection: it has no " + METADATA;
        }
        return Files.exists(folder)
                ? " is a file, and a collection is a folder"
                : " does not exist";
    }

    /** The folder of the collection. */
    public Path folder() {
        return folder;
    }

    /** The file of a picture of this collection. */
    public Path file(StyleItem item) {
        return folder.resolve(item.fileName());
    }

    /**
     * Every picture in the order of the list, one at a time.
     *
     * @throws UserException when a line makes no sense; the message names it
     */
    public void forEach(Consumer<StyleItem> consumer) {
        try {
            MetadataLines.read(
                    folder.resolve(METADATA), line -> consumer.accept(StyleItem.fromJson(line)));
        } catch (IOException e) {
            throw new UserException(
                    "cannot read " + folder.resolve(METADATA) + ": " + AtomicFile.reason(e), e);
        }
    }

    /**
     * Every picture in the order of the list; about half a kilobyte of memory each.
     *
     * @throws UserException when a line makes no sense
     */
    public List<StyleItem> items() {
        List<StyleItem> items = new ArrayList<>();
        forEach(items::add);
        return items;
    }

    /**
     * The picture of {@code item} as training sees it: upright, RGB, transparent parts on white.
     *
     * @throws UserException when its file is missing or damaged
     */
    public Picture picture(StyleItem item) {
        return Picture.read(file(item), Reading.SEEN);
    }

    /**
     * Returns the hash of {@code item}: as the list says, or else by decoding it.
     *
     * @throws UserException when its file is missing or damaged
     */
    public PictureHash dhash(StyleItem item) {
        PictureHash known = item.dhash();
        return known == null ? PictureHash.of(Picture.read(file(item), Reading.SEEN)) : known;
    }

    /**
     * Replaces the list by one in which every picture is what {@code change} makes of it. Only what
     * changes is touched; further keys of a line stay. The new list appears whole or not at all.
     *
     * @throws UserException when the list cannot be read or written, or an import is at work
     */
    public void rewrite(UnaryOperator<StyleItem> change) {
        if (Files.exists(folder.resolve(JOURNAL))) {
            throw new UserException(
                    folder + " holds an unfinished import; run the same command again first");
        }
        Path list = folder.resolve(METADATA);
        AtomicFile.write(
                list,
                out ->
                        MetadataLines.read(
                                list,
                                line -> out.write(MetadataLines.line(changed(line, change)))));
    }

    private static JsonNode changed(JsonNode line, UnaryOperator<StyleItem> change) {
        StyleItem item = StyleItem.fromJson(line);
        ObjectNode before = item.toJson();
        ObjectNode changed = line.deepCopy();
        change.apply(item)
                .toJson()
                .properties()
                .forEach(
                        key -> {
                            if (!key.getValue().equals(before.path(key.getKey()))) {
                                changed.set(key.getKey(), key.getValue());
                            }
                        });
        return changed;
    }
}
