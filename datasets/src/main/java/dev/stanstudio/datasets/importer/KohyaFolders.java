package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Folders of kohya-ss/sd-scripts, {@code 10_class tokens/picture.png} with captions in {@code
 * picture.txt}. As there, folders without a number in front are left out.
 */
final class KohyaFolders implements Layout {
    private static final Pattern FOLDER = Pattern.compile("(\\d+)_(.+)");

    @Override
    public String name() {
        return "kohya";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        List<Member> pictures = Layouts.pictures(tree);
        long fitting =
                pictures.stream()
                        .filter(picture -> FOLDER.matcher(picture.folder()).matches())
                        .count();
        return fitting > 0 && 2 * fitting >= pictures.size();
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        Beside beside = new Beside(tree);
        List<Member> pictures = Layouts.pictures(tree);
        FolderStyles styles =
                FolderStyles.of(
                        pictures.stream().filter(picture -> tokens(picture) != null).toList(),
                        KohyaFolders::style,
                        sink);
        Map<String, String> repeats = new TreeMap<>();
        for (Member picture : pictures) {
            String tokens = tokens(picture);
            if (tokens != null) {
                List<String> style = styles.of(picture);
                repeats.put(style.isEmpty() ? tokens : style.get(0), repeats(picture));
                sink.accept(tree, picture, () -> labels(beside, picture, tokens, style));
            } else {
                sink.reject(
                        tree,
                        picture,
                        "its folder \"" + picture.folder() + "\" is not named REPEATS_CLASS");
            }
        }
        beside.tell(sink);
        tell(repeats, sink);
    }

    /** Repeats belong to a training here, not to its pictures. */
    private static void tell(Map<String, String> repeats, ItemSink sink) {
        if (repeats.values().stream().anyMatch(times -> !times.equals("1"))) {
            sink.note(
                    "its folders name repeats, which a collection does not keep; train with"
                            + " --repeats \"%s\""
                                    .formatted(
                                            repeats.entrySet().stream()
                                                    .map(Map.Entry::toString)
                                                    .collect(Collectors.joining(","))));
        }
    }

    private static String repeats(Member picture) {
        Matcher folder = FOLDER.matcher(picture.folder());
        return folder.matches() ? folder.group(1).replaceFirst("^0+(?=.)", "") : "1";
    }

    /** The class tokens of a picture's folder; null where it has no number in front. */
    private static @Nullable String tokens(Member picture) {
        Matcher folder = FOLDER.matcher(picture.folder());
        return folder.matches() ? folder.group(2) : null;
    }

    private static List<String> style(Member picture) {
        String tokens = tokens(picture);
        return tokens == null ? List.of() : ContainerFolders.style(List.of(tokens));
    }

    private static Labels labels(Beside beside, Member picture, String tokens, List<String> style) {
        @Nullable String caption = beside.caption(picture);
        return Labels.NONE
                .withStyles(style)
                .withContent(caption)
                // Without a caption, kohya trains on the class tokens alone.
                .withCaption(caption == null ? tokens : caption);
    }
}
