package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.sample.Titles;
import java.io.IOException;
import java.util.List;

/**
 * One folder per style, maybe below {@link ContainerFolders} such as train or images; files beside
 * a picture caption and label it. Lists of captions as COCO, Flickr and kohya's finetuning write
 * them label pictures too.
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
        int shared = Layouts.sharedFolders(tree, pictures);
        Beside beside = new Beside(tree);
        ListedLabels lists = ListedLabels.read(tree, sink);
        FolderStyles styles = FolderStyles.of(pictures, picture -> style(picture, shared), sink);
        for (Member picture : pictures) {
            List<String> style = styles.of(picture);
            sink.accept(tree, picture, () -> labels(picture, style, beside, lists.of(picture)));
        }
        beside.tell(sink);
    }

    private static List<String> style(Member picture, int shared) {
        List<String> folders = picture.folders();
        return ContainerFolders.style(folders.subList(shared, folders.size()));
    }

    private static Labels labels(Member picture, List<String> style, Beside beside, Labels listed) {
        return Labels.NONE
                .withCaption(beside.caption(picture))
                .orElse(beside.json(picture))
                .orElse(listed)
                .orElse(
                        Labels.NONE
                                .withStyles(style)
                                .withContent(Titles.of(picture.stem()))
                                .withSplit(Layouts.split(picture)));
    }
}
