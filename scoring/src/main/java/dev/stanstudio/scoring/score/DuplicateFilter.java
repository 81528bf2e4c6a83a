package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.metric.PoissonWeights;
import java.util.Objects;

/**
 * Recognises repeated pictures by a hash of eight bytes for each of the first {@value #MOST}, so
 * that memory stays within 64 MiB. For one thread.
 */
final class DuplicateFilter {
    /** Largest number of remembered pictures; later ones count as new. */
    static final int MOST = 1 << 22;

    private long[] table = new long[1 << 12];
    private int size;

    /**
     * Returns true if the same bytes were met before with the same method, style, prompt, seed and
     * training.
     */
    boolean isRepeated(ListedPicture picture, String sha256) {
        String key =
                String.join(
                        "\n",
                        picture.method(),
                        String.valueOf(picture.style()),
                        String.valueOf(picture.prompt()),
                        picture.unit(),
                        Objects.requireNonNullElse(picture.trained(), ""),
                        sha256);
        long hash = PoissonWeights.unit(key);
        // 0 marks a free place.
        return !add(hash == 0 ? 1 : hash);
    }

    private boolean add(long hash) {
        int place = place(table, hash);
        if (table[place] == hash) {
            return false;
        }
        if (size < MOST) {
            table[place] = hash;
            size++;
            if (size * 2 > table.length) {
                grow();
            }
        }
        return true;
    }

    private static int place(long[] table, long hash) {
        int place = (int) hash & (table.length - 1);
        while (table[place] != 0 && table[place] != hash) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long hash : table) {
            if (hash != 0) {
                larger[place(larger, hash)] = hash;
            }
        }
        table = larger;
    }
}
