package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        Map<String, Member> index = Layouts.byPath(tree);
        Set<String> strange = new HashSet<>();
        for (Member picture : Layouts.pictures(tree)) {
            Matcher folder = FOLDER.matcher(picture.folder());
            if (folder.matches()) {
                sink.accept(tree, picture, labels(tree, index, picture, folder.group(2)));
            } else if (strange.add(picture.folder())) {
                sink.reject(
                        new Problem(
                                tree.locator(picture),
                                "its folder \""
                                        + picture.folder()
                                        + "\" is not named REPEATS_CLASS; all pictures in it are"
                                        + " left out"));
            }
        }
    }

    private static Labels labels(
            SourceTree tree, Map<String, Member> index, Member picture, String tokens) {
        @Nullable String caption = Layouts.captionBeside(tree, index, picture);
        return Labels.NONE
                .withStyles(List.of(tokens))
                .withContent(caption)
                // Without a caption, kohya trains on the class tokens alone.
                .withCaption(caption == null ? tokens : caption);
    }
}
