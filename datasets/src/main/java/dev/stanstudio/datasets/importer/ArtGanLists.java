package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.sample.Mojibake;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists of ArtGAN's WikiArt set: rows {@code Style/artist_title.jpg,class}, without header. The
 * lists and the disk spell accented names differently, each in its own broken way, so both are
 * compared by what no breakage touches.
 */
final class ArtGanLists {
    private static final Map<String, String> SPLITS = Map.of("train", "train", "val", "validation");

    /** The list of Kaggle's copy. */
    private static final String KAGGLE = "classes.csv";

    private final Map<String, String> splits = new HashMap<>();
    private final Map<String, String> genres = new HashMap<>();
    private final Map<String, List<String>> furtherStyles = new HashMap<>();
    private final Set<String> found = new HashSet<>();
    private final Set<String> styles = new HashSet<>();

    private ArtGanLists() {}

    /** Reads the lists that {@code tree} has; there may be none. */
    static ArtGanLists read(SourceTree tree) throws IOException {
        ArtGanLists lists = new ArtGanLists();
        Map<String, String> classes = new HashMap<>();
        for (Member member : tree.members()) {
            if (member.name().equals("genre_class.txt")) {
                tree.text(member).lines().forEach(line -> addClass(classes, line));
            }
        }
        for (Member member : tree.members()) {
            for (Map.Entry<String, String> split : SPLITS.entrySet()) {
                if (member.name().equals("style_" + split.getKey() + ".csv")) {
                    lists.readStyles(tree, member, split.getValue());
                } else if (member.name().equals("genre_" + split.getKey() + ".csv")) {
                    lists.readGenres(tree, member, classes);
                }
            }
            if (member.name().equals(KAGGLE)) {
                lists.readKaggle(tree, member);
            }
        }
        return lists;
    }

    /** Kaggle's copy has one list for all: what it calls genres are styles. */
    private void readKaggle(SourceTree tree, Member list) throws IOException {
        Table.read(
                tree,
                list,
                RowLabels::namesFile,
                "filename",
                (line, row) -> {
                    String key = key(path(tree, list, line, row.path("filename").asText()));
                    String split = Layouts.split(row.path("subset").asText());
                    if (split != null) {
                        splits.putIfAbsent(key, split);
                    }
                    List<String> all = RowLabels.listed(row.path("genre").asText());
                    if (all.size() > 1) {
                        furtherStyles.put(key, all);
                    }
                });
    }

    private static void addClass(Map<String, String> classes, String line) {
        String[] parts = line.strip().split("\\s+", 2);
        if (parts.length == 2) {
            classes.put(parts[0], parts[1].replace('_', ' '));
        }
    }

    private void readStyles(SourceTree tree, Member list, String split) throws IOException {
        Table.readPlain(
                tree,
                list,
                2,
                (line, row) -> splits.putIfAbsent(key(path(tree, list, line, row.get(0))), split));
    }

    private void readGenres(SourceTree tree, Member list, Map<String, String> classes)
            throws IOException {
        Table.readPlain(
                tree,
                list,
                2,
                (line, row) -> {
                    String genre = classes.get(row.get(1).strip());
                    if (genre != null) {
                        genres.put(key(path(tree, list, line, row.get(0))), genre);
                    }
                });
    }

    private static String path(SourceTree tree, Member list, long line, String path) {
        if (!new Member(path).isPicture() || !path.contains("/")) {
            throw new UserException(
                    "%s line %s begins with \"%s\", not with Style/picture.jpg"
                            .formatted(tree.locator(list), line, path));
        }
        return path;
    }

    /** Adds what the lists say of {@code picture}. */
    Labels complete(Labels labels, Member picture) {
        String key = key(picture.folder() + "/" + picture.name());
        styles.add(StyleNames.canonical(picture.folder()));
        @Nullable String split = splits.get(key);
        if (split != null) {
            found.add(key);
        }
        List<String> all = new ArrayList<>(labels.styles());
        all.addAll(furtherStyles.getOrDefault(key, List.of()));
        return labels.withStyles(all).withSplit(split).withGenre(genres.get(key));
    }

    /** Tells how many pictures the lists name that are not there, of the styles that are. */
    void tellMissing(ItemSink sink) {
        List<String> missing =
                splits.keySet().stream()
                        .filter(key -> !found.contains(key))
                        .filter(key -> styles.contains(key.substring(0, key.indexOf('/'))))
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            sink.note(
                    "the lists name %s pictures that are not there, the first %s"
                            .formatted(missing.size(), missing.get(0)));
        }
    }

    /** Canonical style, and of the name only the letters and digits of ASCII. */
    static String key(String path) {
        int slash = path.lastIndexOf('/');
        String folders = path.substring(0, slash);
        String style = folders.substring(folders.lastIndexOf('/') + 1);
        String name =
                Normalizer.normalize(
                                Mojibake.repair(path.substring(slash + 1)), Normalizer.Form.NFD)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]", "");
        return StyleNames.canonical(style) + "/" + name;
    }
}
