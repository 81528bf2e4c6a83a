package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.sample.Titles;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One folder per style, maybe below train, validation and test; files beside a picture caption and
 * label it. Folders of img2dataset, which are numbered, are no styles. Lists of captions as COCO
 * and kohya's finetuning write them label pictures too.
 */
final class StyleFolders implements Layout {
    /** img2dataset's shards, {@code 00000} and up. */
    private static final Pattern SHARD = Pattern.compile("\\d{5,}");

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
        for (Member picture : pictures) {
            sink.accept(tree, picture, () -> labels(picture, shared, beside, lists.of(picture)));
        }
        beside.tell(sink);
    }

    private static Labels labels(Member picture, int shared, Beside beside, Labels listed) {
        List<String> folders = picture.folders();
        List<String> own =
                folders.subList(shared, folders.size()).stream()
                        .filter(folder -> Layouts.split(folder) == null)
                        .filter(folder -> !SHARD.matcher(folder).matches())
                        .toList();
        return Labels.NONE
                .withCaption(beside.caption(picture))
                .orElse(beside.json(picture))
                .orElse(listed)
                .orElse(
                        Labels.NONE
                                .withStyles(own.isEmpty() ? List.of() : List.of(own.get(0)))
                                .withContent(Titles.of(picture.stem()))
                                .withSplit(Layouts.split(picture)));
    }
}
