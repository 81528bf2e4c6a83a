package dev.stanstudio.web.study.plan;

import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names for the files that a study's pictures came from, without saying where on the owner's
 * machine they lie: from the folder on that all of them have in common, or, where that is no more
 * than a root and a name, the last folder and the file.
 */
public final class SourceNames {
    private static final Pattern WHOLE = Pattern.compile("([/\\\\]|[A-Za-z]:[/\\\\]).*");
    private static final int LEAST_COMMON = 2;

    private final @Nullable Path common;

    /** Names among {@code sources}. */
    public SourceNames(Collection<Path> sources) {
        Path shared = null;
        for (Path source : sources) {
            Path folder = source.getParent();
            shared = shared == null ? folder : shared;
            while (shared != null && folder != null && !folder.startsWith(shared)) {
                shared = shared.getParent();
            }
        }
        this.common = shared != null && shared.getNameCount() >= LEAST_COMMON ? shared : null;
    }

    /** Returns whether {@code source} is a whole path, from the root on. */
    public static boolean isWhole(String source) {
        return WHOLE.matcher(source).matches();
    }

    /** The name of a source. */
    public String of(Path source) {
        if (common != null && source.startsWith(common)) {
            return common.relativize(source).toString();
        }
        String text = source.toString();
        if (isWhole(text)) {
            return ending(text);
        }
        int names = source.getNameCount();
        return names < 2 ? text : source.subpath(names - 2, names).toString();
    }

    /** Returns the last folder and the file of a path of this system or another. */
    private static String ending(String whole) {
        String[] names = whole.split("[/\\\\]+", -1);
        int last = names.length - 1;
        boolean inFolder = last > 1 && !names[last - 1].isEmpty();
        return inFolder ? names[last - 1] + "/" + names[last] : names[last];
    }
}
