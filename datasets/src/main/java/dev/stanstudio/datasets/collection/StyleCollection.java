package dev.stanstudio.datasets.collection;

import dev.stanstudio.datasets.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A style collection on disk: a folder in Hugging Face's imagefolder layout, pictures below {@code
 * images/} and one line per picture in {@code metadata.jsonl}. Immutable; may be shared between
 * threads.
 */
public final class StyleCollection {
    /** The file that lists the pictures. */
    public static final String METADATA = "metadata.jsonl";

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
        if (Files.isRegularFile(folder.resolve(CollectionWriter.JOURNAL))) {
            throw new UserException(
                    folder + " holds an unfinished import; run the same import again to finish it");
        }
        throw new UserException(
                folder
                        + (Files.isDirectory(folder)
                                ? " is no style collection: it has no " + METADATA
                                : " does not exist")
                        + "; make one with studio dataset import");
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
                    "cannot read " + folder.resolve(METADATA) + ": " + e.getMessage(), e);
        }
    }
}
