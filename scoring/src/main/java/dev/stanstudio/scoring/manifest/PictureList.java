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
    /** Is given what a list holds, in its order. */
    interface Visitor {
        /**
         * A picture.
         *
         * @param file where its bytes are during the call; null where the list names no such file
         */
        void onPicture(ListedPicture picture, @Nullable Path file);

        /** Something the list itself gets wrong. */
        void onProblem(Problem problem);
    }

    /**
     * What the list does not say.
     *
     * @param method name of the method for pictures without one
     * @param style style of pictures without one, or null
     */
    record Defaults(String method, @Nullable String style) {}

    /** The manifest of a grid. */
    String MANIFEST = "manifest.jsonl";

    /** What messages call it. */
    String name();

    /** Pictures in all, at most; −1 where only reading the whole would tell. */
    long size();

    /** Whether the pictures' files stay where they are after the call that names them. */
    default boolean isLasting() {
        return true;
    }

    /**
     * Goes through the pictures.
     *
     * @throws UserException if the list cannot be read at all
     */
    void forEach(Visitor visitor);

    /**
     * The list at {@code path}.
     *
     * @throws UserException if there is none
     */
    static PictureList open(Path path, Defaults defaults) {
        if (Files.isDirectory(path)) {
            if (Files.isRegularFile(path.resolve(MANIFEST))) {
                return new LineList(path.resolve(MANIFEST), defaults);
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
