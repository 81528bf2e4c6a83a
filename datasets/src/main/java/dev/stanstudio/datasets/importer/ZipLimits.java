package dev.stanstudio.datasets.importer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Refuses zips that are made to unpack without end. */
final class ZipLimits {
    /** More members than any archive of pictures has. */
    private static final int MOST_MEMBERS = 5_000_000;

    /** Up to so many bytes anything may unpack to. */
    private static final long FREE = 4L << 30;

    /** Pictures are compressed already; what shrinks more than this is a bomb. */
    private static final long MOST_TIMES = 50;

    private ZipLimits() {}

    /**
     * @throws IOException that says what is wrong
     */
    static void check(ZipFile zip, Path file) throws IOException {
        int members = 0;
        long total = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            members++;
            total += Math.max(0, entry.getSize());
            if (total < 0 || total > Math.max(FREE, MOST_TIMES * Files.size(file))) {
                throw new IOException("it unpacks to far more bytes than pictures would");
            }
        }
        if (members > MOST_MEMBERS) {
            throw new IOException("it has more than " + MOST_MEMBERS + " members");
        }
        requireApart(zip);
    }

    private static void requireApart(ZipFile zip) throws IOException {
        long end = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
            // Opening a member's raw bytes is what finds them.
            try (InputStream raw = zip.getRawInputStream(entry)) {
                if (raw == null || entry.getDataOffset() < end) {
                    throw new IOException("members lie in one another");
                }
            }
            end = entry.getDataOffset() + Math.max(0, entry.getCompressedSize());
        }
    }
}
