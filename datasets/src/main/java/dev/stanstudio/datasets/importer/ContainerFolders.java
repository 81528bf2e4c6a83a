package dev.stanstudio.datasets.importer;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Folders that hold a data set's pictures without saying anything of them: {@code images}, {@code
 * img} and the like, parts such as {@code train}, img2dataset's numbered shards and folders named
 * by a size. None of them names a style.
 */
final class ContainerFolders {
    private static final Set<String> NAMES =
            Set.of(
                    "images",
                    "image",
                    "imgs",
                    "img",
                    "pictures",
                    "picture",
                    "pics",
                    "data",
                    "dataset",
                    "datasets",
                    "files",
                    "jpegimages",
                    "jpegs",
                    "jpeg",
                    "jpgs",
                    "jpg",
                    "pngs",
                    "png");

    /** img2dataset's shards, {@code 00000} and up. */
    private static final Pattern SHARD = Pattern.compile("\\d{5,}");

    /** {@code 512x512}, {@code images1024x1024}, {@code img_768x768}. */
    private static final Pattern SIZE =
            Pattern.compile("(images?|imgs?)?[-_ ]?\\d{2,5}x\\d{2,5}", Pattern.CASE_INSENSITIVE);

    private ContainerFolders() {}

    /** Returns whether a folder of this name holds pictures of whatever style. */
    static boolean contains(String folder) {
        return NAMES.contains(folder.strip().toLowerCase(Locale.ROOT))
                || Layouts.split(folder) != null
                || SHARD.matcher(folder).matches()
                || SIZE.matcher(folder).matches();
    }

    /** Returns the outermost of {@code folders} that may name a style; empty where none may. */
    static List<String> style(List<String> folders) {
        return folders.stream().filter(folder -> !contains(folder)).limit(1).toList();
    }
}
