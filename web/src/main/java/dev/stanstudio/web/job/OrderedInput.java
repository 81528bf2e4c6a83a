package dev.stanstudio.web.job;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import java.nio.file.Path;

/**
 * A file or adapter that a job reads, as it was when the job was ordered: the job's result stands
 * under its hash or name, so that another in its place would be taken for it.
 *
 * @param path file or folder
 * @param hash of its contents
 */
public record OrderedInput(Kind kind, String path, String hash) {
    /** The kinds of inputs, which differ in what their hash is of. */
    public enum Kind {
        /** A file, of which every byte counts. */
        FILE {
            @Override
            String hash(Path path) {
                return Sha256.ofFile(path);
            }
        },
        /** An adapter: its tensors and how they are used, not its notes. */
        ADAPTER {
            @Override
            String hash(Path path) {
                try (AdapterFile file = AdapterFile.open(path)) {
                    return both(file.sha256(), file.settingsSha256());
                }
            }
        };

        abstract String hash(Path path);
    }

    /**
     * Reads a file.
     *
     * @throws UserException if it cannot be read
     */
    public static OrderedInput file(Path path) {
        return new OrderedInput(Kind.FILE, path.toString(), Kind.FILE.hash(path));
    }

    /** Returns an adapter whose hashes, of its tensors and of its settings, are known. */
    public static OrderedInput adapter(Path path, String tensors, String settings) {
        return new OrderedInput(Kind.ADAPTER, path.toString(), both(tensors, settings));
    }

    private static String both(String tensors, String settings) {
        return tensors + " " + settings;
    }

    /**
     * Refuses to go on where it is gone or another by now.
     *
     * @throws UserException that names it
     */
    void requireSame() {
        if (!kind.hash(Path.of(path)).equals(hash)) {
            throw new UserException(
                    """
                    %s has changed since this was ordered; put it back and let the job go on, or \
                    order it anew\
                    """
                            .formatted(path));
        }
    }
}
