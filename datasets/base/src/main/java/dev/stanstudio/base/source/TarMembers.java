package dev.stanstudio.base.source;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the members of tar archives by the rules that importing and scoring share. */
public final class TarMembers {
    private static final int RECORD = 512;
    private static final int BUFFER = 1 << 16;

    private TarMembers() {}

    /** Returns a reader that stops right behind the mark of the archive's end. */
    public static TarArchiveInputStream open(InputStream in) {
        return new TarArchiveInputStream(in, RECORD, RECORD, "UTF-8");
    }

    /**
     * Returns the next member; null behind the last one.
     *
     * @throws IOException when the archive is damaged; a name that differs in one bit would give a
     *     picture the caption of another
     */
    public static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        TarArchiveEntry entry = tar.getNextEntry();
        if (entry != null && !entry.isCheckSumOK()) {
            throw new IOException("the header of a member is damaged");
        }
        return entry;
    }

    /** Returns why a member that is no folder is no file either; null where it is one. */
    public static @Nullable String refusal(TarArchiveEntry entry) {
        if (entry.isSparse()) {
            return "is a sparse file; pack it anew";
        }
        boolean device =
                entry.isCharacterDevice()
                        || entry.isBlockDevice()
                        || entry.isFIFO()
                        || !entry.isFile();
        return device || entry.isLink() || entry.isSymbolicLink()
                ? "is a link or device, not a file"
                : null;
    }

    /**
     * Reads what follows the mark of the end, where archives hold zeros.
     *
     * @throws IOException when something else stands there
     */
    public static void requireNothingBehind(InputStream rest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = rest.read(buffer); n >= 0; n = rest.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    throw new IOException(
                            "something follows its end, such as another archive; unpack all by tar"
                                    + " --ignore-zeros");
                }
            }
        }
    }
}
