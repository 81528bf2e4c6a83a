package dev.stanstudio.scoring.manifest;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.Unpacked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pictures to score, read one at a time: a folder, a manifest or a tar. A folder's own {@code
 * manifest.jsonl} (of {@code studio grid}) counts before its {@code metadata.jsonl} (of a style
 * collection or {@code studio pretrain sample}); a folder with neither is listed by its pictures'
 * paths.
 */
public interface PictureList {
    /** Receives the pictures and problems of a list, in its order. */
    interface Visitor {
        /**
         * Receives a picture.
         *
         * @param file its file during the call; null where the list names no such file
         */
        void onPicture(ListedPicture picture, @Nullable Path file);

        /** Receives a fault of the list itself. */
        void onProblem(Problem problem);
    }

    /**
     * Supplies what the list does not state.
     *
     * @param method name of the method for pictures without one
     * @param style style of pictures without one, or null
     */
    record Defaults(String method, @Nullable String style) {}

    /** Returns the name for messages. */
    String name();

    /**
     * Returns the largest possible number of pictures; −1 if only reading everything would tell.
     */
    long size();

    /** Returns true if the pictures' files outlive the call that names them. */
    default boolean isLasting() {
        return true;
    }

    /**
     * Visits the pictures.
     *
     * @throws UserException if the list cannot be read at all
     */
    void forEach(Visitor visitor);

    /**
     * Opens the list at {@code path}.
     *
     * @throws UserException if there is none
     */
    static PictureList open(Path path, Defaults defaults) {
        if (Files.isDirectory(path)) {
            if (Files.isRegularFile(path.resolve(Manifest.FILE))) {
                return new LineList(path.resolve(Manifest.FILE), defaults);
            }
            Path metadata = path.resolve("metadata.jsonl");
            return Files.isRegularFile(metadata)
                    ? new LineList(metadata, defaults)
                    : new FolderList(path, defaults);
        }
        if (!Files.isRegularFile(path)) {
            throw new UserException("there is no folder, manifest or tar " + path);
        }
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".jsonl")) {
            return new LineList(path, defaults);
        }
        if (Unpacked.isTar(path)) {
            return new TarList(path, defaults);
        }
        throw new UserException(
                path + " is no folder and ends neither in .jsonl nor in .tar; name one of these");
    }
}
