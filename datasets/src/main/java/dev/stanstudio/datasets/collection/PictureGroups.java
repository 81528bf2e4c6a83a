package dev.stanstudio.datasets.collection;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that must stay together: equal bytes, a like look, the same title by the same artist
 * (WikiArt lists a painting under several styles), and, if asked, the same artist.
 */
public final class PictureGroups {
    private static final Set<String> NOBODY =
            Set.of("unknown", "unknown artist", "anonymous", "uncertain artist", "various", "none");

    private PictureGroups() {}

    /**
     * The groups, each as rising indices into {@code items}, in the order of their first pictures.
     *
     * @param distance bits by which the hashes of look-alikes may differ
     */
    public static List<List<Integer>> of(List<StyleItem> items, boolean byArtist, int distance) {
        DisjointSets sets = new DisjointSets(items.size());
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            StyleItem item = items.get(i);
            join(sets, first, "bytes " + item.sha256(), i);
            String artist = artist(item.labels());
            if (artist != null) {
                String content = item.labels().content();
                if (content != null) {
                    join(sets, first, "title " + artist + "\n" + plain(content), i);
                }
                if (byArtist) {
                    join(sets, first, "artist " + artist, i);
                }
            }
        }
        NearPictures.join(items.stream().map(StyleItem::dhash).toList(), distance, sets);
        return sets.groups();
    }

    private static void join(DisjointSets sets, Map<String, Integer> first, String key, int index) {
        Integer other = first.putIfAbsent(key, index);
        if (other != null) {
            sets.join(other, index);
        }
    }

    private static @Nullable String artist(Labels labels) {
        String artist = labels.artist() == null ? "" : plain(labels.artist());
        return artist.isEmpty() || NOBODY.contains(artist) ? null : artist;
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }
}
