package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.caption.Titles;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One folder per style, maybe below train, validation and test; a text file beside a picture is its
 * caption.
 */
final class StyleFolders implements Layout {
    @Override
    public String name() {
        return "folders";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        return tree.members().stream().anyMatch(Member::isPicture);
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        List<Member> pictures = Layouts.pictures(tree);
        Map<String, Member> index = Layouts.byPath(tree);
        int shared = Layouts.sharedFolders(tree, pictures);
        for (Member picture : pictures) {
            List<String> folders = picture.folders();
            List<String> own =
                    folders.subList(shared, folders.size()).stream()
                            .filter(folder -> Layouts.split(folder) == null)
                            .toList();
            Labels labels =
                    Labels.NONE
                            .withStyles(own.isEmpty() ? List.of() : List.of(own.get(0)))
                            .withContent(Titles.of(picture.stem()))
                            .withCaption(Layouts.captionBeside(tree, index, picture))
                            .withSplit(Layouts.split(picture));
            sink.accept(tree, picture, labels);
        }
    }
}
